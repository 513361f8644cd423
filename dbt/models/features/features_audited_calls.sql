-- What the audit of plans counts as calls of the rep's own choice: cases attended and trials come by the surgeon's calendar.
with

calls as (

    select * from {{ ref('int_calls') }}
    where
        is_kept and npi is not null and rep_id is not null
        and called_on > {{ months_after(as_of(), '-12') }}
        and kind not in ('case_attendance', 'trial')

),

final as (

    select
        rep_id,
        npi,
        count(*) as calls_12m,
        count(*) filter (where called_on > {{ as_of() }} - 91) as calls_91d
    from calls
    group by rep_id, npi

)

select * from final
order by rep_id, npi
