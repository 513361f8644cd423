with

source as (

    select * from {{ source('history', 'patient_counts') }}

),

published as (

    select
        npi,
        family_kind,
        family,
        period_grain,
        claims_source,
        period_start,
        patients
    from source

)

select * from published
