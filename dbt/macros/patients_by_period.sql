{#- Distinct patients by provider, family and period, now and on the day on which the period closed: of `patients`, one row a patient with
    the first day on which any line told of one, and of `closed`, which says on which day a period closes. -#}
{% macro patients_by_period(patients, closed) -%}
    with newcomers as (
        select
            npi,
            family_number,
            period_start,
            first_known_on,
            count(*) as newcomers,
            count(*) filter (where is_patient) as patients,
            count(*) filter (where was_at_close) as patients_at_close
        from {{ patients }}
        group by npi, family_number, period_start, first_known_on
    ),

    counted as (
        select
            npi,
            family_number,
            period_start,
            min(first_known_on) as first_known_on,
            {{ value_at_smallest('newcomers', 'first_known_on') }} as first_patients,
            sum(patients) as patients,
            sum(patients_at_close) as patients_at_close
        from newcomers
        group by npi, family_number, period_start
    )

    -- What a company delivers of long closed periods, as when it begins, counts as it came on its first day.
    select
        counted.npi,
        counted.family_number,
        counted.period_start,
        cast(date_trunc('year', counted.period_start) as date) as year_start,
        greatest(closed.closes_on, counted.first_known_on) as closes_on,
        cast(counted.patients as bigint) as patients,
        cast(
            case
                when counted.first_known_on > closed.closes_on then counted.first_patients else counted.patients_at_close
            end as bigint
        ) as patients_at_close
    from counted
    inner join {{ closed }} as closed
        on counted.period_start = closed.period_start
{%- endmacro %}
