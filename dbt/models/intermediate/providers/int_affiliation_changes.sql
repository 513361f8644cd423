with

stays as (

    select * from {{ ref('int_provider_affiliations_dated') }}

),

-- A stay of the first copy had begun before anybody looked: its beginning is no change.
joined as (

    select
        npi,
        facility_id,
        valid_from as changed_on,
        row_number() over (partition by npi, facility_id order by valid_from) > 1 as is_return,
        is_new_since_first_copy
    from stays

),

arrivals as (

    select
        npi,
        facility_id,
        changed_on,
        is_return,
        row_number() over (partition by npi, changed_on order by facility_id) as place
    from joined
    where is_new_since_first_copy

),

departures as (

    select
        npi,
        facility_id,
        cast(valid_to + interval 1 day as date) as changed_on,
        row_number() over (partition by npi, valid_to order by facility_id) as place
    from stays
    where not is_open

),

-- Who leaves one facility and joins another between the same two copies has moved; what is left over has only joined or left.
final as (

    select
        coalesce(arrivals.npi, departures.npi) as npi,
        coalesce(arrivals.changed_on, departures.changed_on) as changed_on,
        case
            when departures.npi is null then 'joined'
            when arrivals.npi is null then 'left'
            else 'moved'
        end as kind,
        departures.facility_id as from_facility_id,
        arrivals.facility_id as to_facility_id,
        coalesce(arrivals.is_return, false) as is_return
    from arrivals
    full outer join departures
        on
            arrivals.npi = departures.npi
            and arrivals.changed_on = departures.changed_on
            and arrivals.place = departures.place

)

select * from final
