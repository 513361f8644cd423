with

settings as (

    select * from {{ ref('stg_company__settings') }}

),

families as (

    select
        numbered.*,
        disjoint.family is not null as is_disjoint
    from {{ ref('int_families_numbered') }} as numbered
    left join {{ ref('int_families_disjoint') }} as disjoint
        on numbered.family_kind = disjoint.family_kind and numbered.family = disjoint.family

),

published as (

    select
        history.npi,
        families.family_number,
        history.period_start,
        history.period_grain,
        history.patients
    from {{ ref('stg_history__patient_counts') }} as history
    inner join families
        on history.family_kind = families.family_kind and history.family = families.family
    where history.claims_source = 'claim_lines'

),

-- Whatever tonight's files say of earlier nights: beside what did leave this home, no small difference may come out.
given_away as (

    select distinct
        counted.npi,
        counted.family_number,
        counted.period_start,
        counted.period_grain
    from {{ ref('int_patients_counted') }} as counted
    cross join settings
    inner join published
        on
            counted.npi = published.npi
            and counted.family_number = published.family_number
            and counted.period_start = published.period_start
            and counted.period_grain = published.period_grain
    where
        counted.patients <> published.patients
        and abs(counted.patients - published.patients) < settings.cell_suppression_minimum

),

-- A count is taken once, at the close, and never before; a month that came after its year was counted comes too late.
taken as (

    select
        counted.npi,
        counted.family_number,
        counted.period_start,
        counted.period_grain,
        counted.year_start,
        counted.patients,
        counted.patients_at_close,
        settings.cell_suppression_minimum,
        families.is_disjoint
        and counted.closes_on <= {{ as_of() }}
        and counted.closes_on <= coalesce(years.closes_on, counted.closes_on)
        and counted.patients_at_close >= settings.cell_suppression_minimum as is_taken,
        given_away.npi is not null as is_given_away
    from {{ ref('int_patients_counted') }} as counted
    cross join settings
    inner join families
        on counted.family_number = families.family_number
    left join {{ ref('int_patients_counted') }} as years
        on
            counted.npi = years.npi
            and counted.family_number = years.family_number
            and counted.year_start = years.period_start
            and years.period_grain = 'year'
    left join given_away
        on
            counted.npi = given_away.npi
            and counted.family_number = given_away.family_number
            and counted.period_start = given_away.period_start
            and counted.period_grain = given_away.period_grain

),

-- What was taken is shown while it is true.
true_still as (

    select
        taken.*,
        taken.is_taken and taken.patients = taken.patients_at_close and not taken.is_given_away as is_true_still
    from taken

),

-- A month that is withheld had one patient at least.
beside_the_year as (

    select
        npi,
        family_number,
        year_start,
        coalesce(max(patients_at_close) filter (where is_taken), 1) as largest_month,
        coalesce(sum(patients) filter (where is_true_still), 0) as patients_of_months,
        count(*) filter (where patients > 0 and not is_true_still) as months_withheld
    from true_still
    where period_grain = 'month'
    group by npi, family_number, year_start

),

-- A year stands beside its months when those whom a month lacks, and those whom months share, could be none or many.
decided as (

    select
        true_still.npi,
        true_still.family_number,
        true_still.period_start,
        true_still.period_grain,
        true_still.year_start,
        true_still.patients,
        true_still.cell_suppression_minimum = 1
        or (
            true_still.is_true_still
            and (
                true_still.period_grain = 'month'
                or (
                    true_still.patients >= beside_the_year.largest_month + true_still.cell_suppression_minimum
                    and true_still.patients + true_still.cell_suppression_minimum
                    <= beside_the_year.patients_of_months
                    + beside_the_year.months_withheld * (true_still.cell_suppression_minimum - 1)
                )
            )
        ) as is_shown
    from true_still
    inner join beside_the_year
        on
            true_still.npi = beside_the_year.npi
            and true_still.family_number = beside_the_year.family_number
            and true_still.year_start = beside_the_year.year_start
    where true_still.patients > 0

),

final as (

    select
        decided.npi,
        families.family_kind,
        families.family,
        decided.period_start,
        decided.period_grain,
        decided.year_start,
        not decided.is_shown as is_suppressed,
        case when decided.is_shown then decided.patients end as patients
    from decided
    inner join families
        on decided.family_number = families.family_number

)

select * from final
