with

taken as (

    select * from {{ ref('int_patients_taken') }}

),

published as (

    select * from {{ ref('stg_history__patient_counts') }}
    where claims_source = 'claim_lines'

),

-- Whatever tonight's files say of earlier nights: beside what did leave this home, no small difference may come out.
given_away as (

    select distinct
        taken.npi,
        taken.family_kind,
        taken.family,
        taken.period_start,
        taken.period_grain
    from taken
    inner join published
        on
            taken.npi = published.npi
            and taken.family_kind = published.family_kind
            and taken.family = published.family
            and taken.period_start = published.period_start
            and taken.period_grain = published.period_grain
    where
        taken.patients <> published.patients
        and abs(taken.patients - published.patients) < taken.cell_suppression_minimum

),

-- What was taken is shown while it is true.
true_still as (

    select
        taken.*,
        taken.is_taken and taken.patients = taken.patients_at_close and given_away.npi is null as is_true_still
    from taken
    left join given_away
        on
            taken.npi = given_away.npi
            and taken.family_kind = given_away.family_kind
            and taken.family = given_away.family
            and taken.period_start = given_away.period_start
            and taken.period_grain = given_away.period_grain

),

-- A month that is withheld had one patient at least.
beside_the_year as (

    select
        npi,
        family_kind,
        family,
        year_start,
        coalesce(max(patients_at_close) filter (where is_taken), 1) as largest_month,
        coalesce(sum(patients) filter (where is_true_still), 0) as patients_of_months,
        count(*) filter (where patients > 0 and not is_true_still) as months_withheld
    from true_still
    where period_grain = 'month'
    group by npi, family_kind, family, year_start

),

-- A year stands beside its months when those whom a month lacks, and those whom months share, could be none or many.
decided as (

    select
        true_still.npi,
        true_still.family_kind,
        true_still.family,
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
            and true_still.family_kind = beside_the_year.family_kind
            and true_still.family = beside_the_year.family
            and true_still.year_start = beside_the_year.year_start
    where true_still.patients > 0

),

final as (

    select
        npi,
        family_kind,
        family,
        period_start,
        period_grain,
        year_start,
        not is_shown as is_suppressed,
        case when is_shown then patients end as patients
    from decided

)

select * from final
