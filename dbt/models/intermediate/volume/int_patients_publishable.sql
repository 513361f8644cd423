with

taken as (

    select * from {{ ref('int_patients_taken') }}

),

published as (

    select * from {{ ref('stg_history__patient_counts') }}
    where claims_source = 'claim_lines'

),

-- A month that is withheld had one patient at least.
beside_the_year as (

    select
        npi,
        family_kind,
        family,
        year_start,
        coalesce(max(patients_at_close) filter (where is_taken), 1) as largest_month,
        coalesce(sum(patients_at_close) filter (where is_taken and patients > 0), 0) as patients_of_months,
        count(*) filter (where not is_taken and patients > 0) as months_withheld
    from taken
    where period_grain = 'month'
    group by npi, family_kind, family, year_start

),

-- A year stands beside its months when those whom a month lacks, and those whom months share, could be none or many.
decided as (

    select
        taken.npi,
        taken.family_kind,
        taken.family,
        taken.period_start,
        taken.period_grain,
        taken.patients,
        taken.cell_suppression_minimum,
        taken.cell_suppression_minimum = 1
        or (
            taken.is_taken
            and taken.patients = taken.patients_at_close
            and (
                taken.period_grain = 'month'
                or (
                    taken.patients >= beside_the_year.largest_month + taken.cell_suppression_minimum
                    and taken.patients + taken.cell_suppression_minimum
                    <= beside_the_year.patients_of_months
                    + beside_the_year.months_withheld * (taken.cell_suppression_minimum - 1)
                )
            )
        ) as is_safe
    from taken
    inner join beside_the_year
        on
            taken.npi = beside_the_year.npi
            and taken.family_kind = beside_the_year.family_kind
            and taken.family = beside_the_year.family
            and taken.year_start = beside_the_year.year_start
    where taken.patients > 0

),

-- Whatever the files of tonight say of earlier nights: beside what did leave this home, no small difference may come out.
given_away as (

    select distinct
        decided.npi,
        decided.family_kind,
        decided.family,
        decided.period_start,
        decided.period_grain
    from decided
    inner join published
        on
            decided.npi = published.npi
            and decided.family_kind = published.family_kind
            and decided.family = published.family
            and decided.period_start = published.period_start
            and decided.period_grain = published.period_grain
    where
        decided.patients <> published.patients
        and abs(decided.patients - published.patients) < decided.cell_suppression_minimum

),

final as (

    select
        decided.npi,
        decided.family_kind,
        decided.family,
        decided.period_start,
        decided.period_grain,
        not (decided.is_safe and given_away.npi is null) as is_suppressed,
        case when decided.is_safe and given_away.npi is null then decided.patients end as patients
    from decided
    left join given_away
        on
            decided.npi = given_away.npi
            and decided.family_kind = given_away.family_kind
            and decided.family = given_away.family
            and decided.period_start = given_away.period_start
            and decided.period_grain = given_away.period_grain

)

select * from final
