with

public_services as (

    select * from {{ ref('int_public_services') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

families as (

    select * from {{ ref('int_families_disjoint') }}
    where family_kind = 'procedure'

),

published as (

    select * from {{ ref('stg_history__patient_counts') }}
    where claims_source = 'cms_claims'

),

spoken as (

    select * from public_services
    where superseded_on > {{ as_of() }}

),

-- What a release of the year that was replaced said, and what did leave this home.
said as (

    select
        npi,
        procedure_family,
        data_year,
        patients
    from public_services
    where superseded_on <= {{ as_of() }} and patients is not null

    union all

    select
        npi,
        family as procedure_family,
        year(period_start) as data_year,
        patients
    from published

),

given_away as (

    select distinct
        spoken.npi,
        spoken.procedure_family,
        spoken.data_year
    from spoken
    cross join settings
    inner join said
        on
            spoken.npi = said.npi
            and spoken.procedure_family = said.procedure_family
            and spoken.data_year = said.data_year
    where spoken.patients <> said.patients and abs(spoken.patients - said.patients) < settings.cell_suppression_minimum

),

final as (

    select
        spoken.npi,
        spoken.procedure_family,
        spoken.data_year,
        spoken.patients
    from spoken
    cross join settings
    left join families
        on spoken.procedure_family = families.family
    left join given_away
        on
            spoken.npi = given_away.npi
            and spoken.procedure_family = given_away.procedure_family
            and spoken.data_year = given_away.data_year
    where
        spoken.patients >= settings.cell_suppression_minimum
        and given_away.npi is null
        and (families.family is not null or settings.cell_suppression_minimum = 1)

)

select * from final
