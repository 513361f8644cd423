with

settings as (

    select * from {{ ref('stg_company__settings') }}

),

releases as (

    select * from {{ ref('int_public_releases') }}

),

months_back as (

    select unnest(range(0, 49)) as months_back

),

days as (

    select {{ month_end(as_of() ~ ' - to_months(cast(months_back as integer))') }} as snapshot_on
    from months_back
    where snapshot_on <= {{ as_of() }}

    union

    select {{ as_of() }} as snapshot_on

),

affiliations as (

    select min(snapshot_on) as first_copy_on
    from {{ ref('int_affiliation_snapshots') }}

),

-- What the calendar of publication told on each of these days.
final as (

    select
        days.snapshot_on,
        days.snapshot_on = {{ as_of() }} as is_current,
        {{ last_complete_month('days.snapshot_on - cast(any_value(settings.lag_days_claim_lines) as integer)') }}
            as window_end_month,
        max(releases.data_year) as published_year,
        coalesce(days.snapshot_on >= any_value(affiliations.first_copy_on), false) as is_affiliation_known
    from days
    cross join settings
    cross join affiliations
    left join releases
        on days.snapshot_on >= releases.known_on
    group by days.snapshot_on

)

select * from final
order by snapshot_on
