with

months as (

    select distinct service_month
    from {{ ref('int_claim_lines_dated') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

-- A calendar year closes with its December.
ends as (

    select
        service_month,
        {{ month_end('service_month') }} as month_ends_on,
        make_date(year(service_month), 12, 31) as year_ends_on
    from months

),

final as (

    select
        ends.service_month,
        cast(ends.month_ends_on + cast(settings.patient_run_out_days as integer) as date) as month_closes_on,
        cast(ends.year_ends_on + cast(settings.patient_run_out_days as integer) as date) as year_closes_on
    from ends
    cross join settings

)

select * from final
order by service_month
