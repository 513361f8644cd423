with

counted as (

    select * from {{ ref('int_patients_counted') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

families as (

    select * from {{ ref('int_families_disjoint') }}

),

dated as (

    select
        counted.npi,
        counted.family_kind,
        counted.family,
        counted.period_start,
        counted.period_grain,
        counted.year_start,
        counted.closes_on,
        counted.patients,
        counted.patients_at_close,
        settings.cell_suppression_minimum,
        families.family is not null as is_disjoint,
        max(case when counted.period_grain = 'year' then counted.closes_on end) over (
            partition by counted.npi, counted.family_kind, counted.family, counted.year_start
        ) as year_closes_on
    from counted
    cross join settings
    left join families
        on counted.family_kind = families.family_kind and counted.family = families.family

),

-- A count is taken once, at the close, and never before; a month that came after its year was counted comes too late.
final as (

    select
        *,
        is_disjoint
        and closes_on <= {{ as_of() }}
        and closes_on <= coalesce(year_closes_on, closes_on)
        and patients_at_close >= cell_suppression_minimum as is_taken
    from dated

)

select * from final
