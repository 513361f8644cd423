with

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

-- Who works where is found first and counted then, so that whoever opted out is looked up once a provider and place.
working as (

    select distinct
        npi,
        facility_id
    from {{ ref('int_provider_claims_placed') }}
    where npi is not null

),

final as (

    select
        working.facility_id,
        count(*) filter (where opted_out.npi is null) as providers_with_claims,
        count(opted_out.npi) > 0 as has_opted_out
    from working
    left join opted_out
        on working.npi = opted_out.npi
    group by working.facility_id

)

select * from final
order by facility_id
