with

families as (

    select * from {{ ref('int_families_numbered') }}

),

diagnoses as (

    select family_number
    from families
    where family_kind = 'diagnosis'

),

closed as (

    select * from {{ ref('int_periods_closed') }}

),

months as (

    select
        npi,
        family_number,
        service_month as period_start,
        first_known_on,
        count(*) as newcomers,
        count(*) filter (where is_patient) as patients,
        count(*) filter (where was_at_month_close) as patients_at_close
    from {{ ref('int_claim_patients') }}
    group by npi, family_number, service_month, first_known_on

),

-- Procedures of claim lines are published by month alone, so a year is counted for diagnoses only.
patients_of_years as (

    select
        npi,
        family_number,
        cast(date_trunc('year', service_month) as date) as period_start,
        min(first_known_on) as first_known_on,
        bool_or(is_patient) as is_patient,
        bool_or(was_at_year_close) as was_at_year_close
    from {{ ref('int_claim_patients') }}
    where family_number in (select diagnoses.family_number from diagnoses)
    group by npi, family_number, cast(date_trunc('year', service_month) as date), person_hash

),

years as (

    select
        npi,
        family_number,
        period_start,
        first_known_on,
        count(*) as newcomers,
        count(*) filter (where is_patient) as patients,
        count(*) filter (where was_at_year_close) as patients_at_close
    from patients_of_years
    group by npi, family_number, period_start, first_known_on

),

-- Apart until each is counted: to group by their grain too takes half as long again.
counted as (

    {%- for grain in ['month', 'year'] %}

        select
            npi,
            family_number,
            period_start,
            '{{ grain }}' as period_grain,
            min(first_known_on) as first_known_on,
            {{ value_at_smallest('newcomers', 'first_known_on') }} as first_patients,
            sum(patients) as patients,
            sum(patients_at_close) as patients_at_close
        from {{ grain }}s
        group by npi, family_number, period_start
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

days as (

    select
        service_month as period_start,
        'month' as period_grain,
        month_closes_on as closes_on
    from closed

    union

    select
        cast(date_trunc('year', service_month) as date) as period_start,
        'year' as period_grain,
        year_closes_on as closes_on
    from closed

),

-- What a company delivers of long closed periods, as when it begins, counts as it came on its first day.
final as (

    select
        counted.npi,
        counted.family_number,
        counted.period_start,
        counted.period_grain,
        cast(date_trunc('year', counted.period_start) as date) as year_start,
        greatest(days.closes_on, counted.first_known_on) as closes_on,
        cast(counted.patients as bigint) as patients,
        cast(
            case
                when counted.first_known_on > days.closes_on then counted.first_patients else counted.patients_at_close
            end as bigint
        ) as patients_at_close
    from counted
    inner join days
        on counted.period_start = days.period_start and counted.period_grain = days.period_grain

)

select * from final
