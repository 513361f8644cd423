with

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

affiliations as (

    select * from {{ ref('int_provider_affiliations_dated') }}

),

final as (

    select
        affiliations.npi,
        -- Where most claims of who opted out happen is not told.
        min(affiliations.facility_id) filter (
            where case when opted_out.npi is null then affiliations.is_primary else affiliations.is_longest end
        ) as primary_facility_id,
        count(distinct affiliations.facility_id) filter (where affiliations.is_open) as facility_count,
        greatest(
            max(affiliations.valid_from) filter (where affiliations.is_new_since_first_copy),
            max(cast(affiliations.valid_to + interval 1 day as date)) filter (where not affiliations.is_open)
        ) as affiliation_changed_on
    from affiliations
    left join opted_out
        on affiliations.npi = opted_out.npi
    group by affiliations.npi

)

select * from final
order by npi
