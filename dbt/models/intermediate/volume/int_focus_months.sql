with

families as (

    select * from {{ ref('int_families_listed') }}
    where is_focus

),

counted as (

    select * from {{ ref('int_focus_services') }}

),

windows as (

    select * from {{ ref('int_volume_windows') }}

),

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

-- Months that can be compared with each other come from one kind of source: counted ones where claim lines tell of a
-- focus family, else published years spread by season. The other kind would enter as a step.
uncounted as (

    select true as is_estimated
    from counted
    having count(*) = 0

),

either as (

    select
        counted.npi,
        counted.month,
        false as is_estimated,
        counted.services
    from counted
    inner join windows
        on counted.month <= windows.window_end_month

    union all

    select
        months.npi,
        months.month,
        months.is_estimated,
        cast(sum(months.services) as decimal(18, 6)) as services
    from {{ ref('int_provider_family_months') }} as months
    inner join uncounted
        on months.is_estimated = uncounted.is_estimated
    semi join families
        on months.procedure_family = families.procedure_family
    group by months.npi, months.month, months.is_estimated

),

comparable as (

    select
        either.npi,
        either.month,
        either.is_estimated,
        either.services as volume
    from either
    anti join opted_out
        on either.npi = opted_out.npi

),

reach as (

    select
        max(month) as last_month,
        greatest(min(month), {{ months_after('max(month)', '-35') }}) as first_month
    from comparable

),

-- The first twelve months are what later ones are compared with; of a history shorter than two years, its first half.
based as (

    select
        first_month,
        last_month,
        least(12, cast(floor(({{ months_between('first_month', 'last_month') }} + 1) / 2) as integer)) as base_months
    from reach

),

final as (

    select
        comparable.npi,
        comparable.month,
        comparable.volume,
        comparable.is_estimated,
        based.base_months,
        comparable.month < {{ months_after('based.first_month', 'based.base_months') }} as is_base
    from comparable
    inner join based
        on comparable.month between based.first_month and based.last_month

)

select * from final
