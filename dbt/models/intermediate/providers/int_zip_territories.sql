with

alignment as (

    select
        zip5,
        territory_id,
        kind,
        coalesce(valid_from, {{ since_ever() }}) as starts_on,
        coalesce(valid_to, {{ for_ever() }}) as ends_on
    from {{ ref('stg_company__territory_alignment') }}
    where zip5 is not null and territory_id is not null

),

-- Rows that overlap or follow upon each other without a day between them are one stretch; a row that ends before it begins is none.
ordered as (

    select
        *,
        max(ends_on) over (
            partition by zip5, territory_id, kind
            order by starts_on, ends_on
            rows between unbounded preceding and 1 preceding
        ) as reached_on
    from alignment
    where starts_on <= ends_on

),

numbered as (

    select
        *,
        sum(case when cast(starts_on - interval 1 day as date) <= reached_on then 0 else 1 end) over (
            partition by zip5, territory_id, kind
            order by starts_on, ends_on
            rows between unbounded preceding and current row
        ) as stretch
    from ordered

),

final as (

    select
        zip5,
        territory_id,
        kind,
        nullif(min(starts_on), {{ since_ever() }}) as valid_from,
        nullif(max(ends_on), {{ for_ever() }}) as valid_to
    from numbered
    group by zip5, territory_id, kind, stretch

)

select * from final
order by zip5, kind, valid_from, territory_id
