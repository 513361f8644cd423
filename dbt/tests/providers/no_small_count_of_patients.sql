-- No published count of patients is below the company's minimum, and a withheld one is always marked.
{{ config(meta={'dagster': {'ref': {'name': 'provider_diagnoses'}}}) }}

with

settings as (

    select * from {{ ref('stg_company__settings') }}

),

counts as (

    select
        npi,
        patients,
        is_suppressed
    from {{ ref('provider_procedures') }}

    union all

    select
        npi,
        patients,
        is_suppressed
    from {{ ref('provider_diagnoses') }}

),

final as (

    select counts.*
    from counts
    cross join settings
    where
        counts.patients < settings.cell_suppression_minimum
        or counts.is_suppressed <> (counts.patients is null)

)

select * from final
