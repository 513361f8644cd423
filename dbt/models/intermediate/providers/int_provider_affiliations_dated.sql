with

stays as (

    select * from {{ ref('int_affiliation_intervals') }}

),

providers as (

    select npi from {{ ref('int_providers_registered') }}

),

described as (

    select
        stays.*,
        stays.valid_to is null or stays.valid_to >= {{ as_of() }} as is_open
    from stays
    inner join providers
        on stays.npi = providers.npi

),

ranked as (

    select
        *,
        row_number() over (
            partition by npi, is_open
            order by valid_from asc, facility_id asc
        ) as place
    from described

),

-- The longest of the stays that still hold, of several the lowest number.
final as (

    select
        npi,
        facility_id,
        valid_from,
        valid_to,
        is_open and place = 1 as is_longest,
        is_open,
        is_new_since_first_copy
    from ranked

)

select * from final
order by npi, facility_id, valid_from
