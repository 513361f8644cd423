with

settings as (

    select * from {{ ref('stg_company__settings') }}

),

-- Every rep's calls together: who is called is one person. Cases attended and trials come by the surgeon's own calendar.
calls as (

    select
        npi,
        called_on,
        row_number() over (partition by npi order by called_at asc nulls last, call_id asc) as call_number
    from {{ ref('int_calls') }}
    where
        is_kept and npi is not null and called_on > {{ as_of() }} - 91
        and kind not in ('case_attendance', 'trial')

),

final as (

    select
        calls.npi,
        max(calls.call_number) as calls_91d,
        min(calls.called_on) filter (where calls.call_number = settings.calls_per_provider_per_quarter) as since
    from calls
    cross join settings
    group by calls.npi, settings.calls_per_provider_per_quarter
    having max(calls.call_number) >= settings.calls_per_provider_per_quarter

)

select * from final
order by npi
