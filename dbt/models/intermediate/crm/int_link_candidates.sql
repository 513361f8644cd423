with

contacts as (

    select * from {{ ref('int_link_contacts') }}

),

providers as (

    select * from {{ ref('int_link_providers') }}

),

pairs as (

    select * from {{ ref('int_link_pairs') }}

),

slips as (

    select * from {{ ref('int_link_slips') }}

),

agreed as (

    select
        pairs.contact_id,
        pairs.npi,
        case
            when contacts.last_key = providers.last_key then 'exact'
            when contacts.last_key = providers.other_last_key then 'former'
            when {{ arrays_meet('contacts.family_parts', 'providers.name_keys') }} then 'part'
            when {{ is_misspelt('contacts.last_key', 'providers.last_key') }} then 'misspelt'
            else 'differs'
        end as last_name,
        case
            when contacts.first_key is null or providers.first_key is null then 'missing'
            when contacts.first_key = providers.first_key then 'exact'
            when
                {{ arrays_meet('contacts.formal_names', 'providers.formal_names') }}
                or least(length(contacts.first_key), length(providers.first_key)) >= 3
                and (
                    {{ begins_with('contacts.first_key', 'providers.first_key') }}
                    or {{ begins_with('providers.first_key', 'contacts.first_key') }}
                )
                then 'familiar'
            when
                least(length(contacts.first_key), length(providers.first_key)) = 1
                and left(contacts.first_key, 1) = left(providers.first_key, 1) then 'initial'
            when
                least(length(contacts.first_key), length(providers.first_key)) >= 4
                and damerau_levenshtein(contacts.first_key, providers.first_key) = 1 then 'misspelt'
            when
                length(contacts.first_key) > 1 and array_contains(providers.further_names, contacts.first_key)
                or length(providers.first_key) > 1 and array_contains(contacts.further_names, providers.first_key)
                or {{ arrays_meet(elements_where('contacts.further_names', 'length(each) > 1'), 'providers.further_names') }}
                then 'further'
            else 'differs'
        end as first_name,
        case
            when
                coalesce({{ array_length('contacts.further_names') }}, 0) = 0
                or coalesce({{ array_length('providers.further_names') }}, 0) = 0 then 'missing'
            when {{ arrays_meet('contacts.further_names', 'providers.further_names') }} then 'same'
            when
                {{ arrays_meet(
                    elements_as('contacts.further_names', 'left(each, 1)'), elements_where('providers.further_names', 'length(each) = 1')
                ) }}
                or {{ arrays_meet(
                    elements_where('contacts.further_names', 'length(each) = 1'), elements_as('providers.further_names', 'left(each, 1)')
                ) }}
                then 'same'
            else 'differs'
        end as further_name,
        case
            when array_contains(providers.zips, contacts.zip5) or array_contains(providers.zips, contacts.account_zip5) then 'zip'
            when array_contains(providers.cities, contacts.state || '|' || contacts.city_key) then 'city'
            when array_contains(providers.states, contacts.state) then 'state'
            when contacts.state is null or providers.states is null then 'missing'
            else 'differs'
        end as place,
        case
            when contacts.specialty_word is null or coalesce({{ array_length('providers.specialty_stems') }}, 0) = 0 then 'missing'
            when array_contains(providers.specialty_beginnings, contacts.specialty_word) then 'same'
            when {{ arrays_meet('contacts.specialty_stems', 'providers.specialty_beginnings') }} then 'part'
            else 'differs'
        end as specialty,
        case
            when contacts.facility_id is null or coalesce({{ array_length('providers.facility_ids') }}, 0) = 0 then 'missing'
            when array_contains(providers.facility_ids, contacts.facility_id) then 'same'
            else 'differs'
        end as facility,
        case
            when contacts.telephone is null then 'missing'
            when array_contains(providers.telephones, contacts.telephone) then 'same'
            else 'differs'
        end as telephone,
        contacts.trade as trade_written,
        providers.trade as trade_registered,
        coalesce(contacts.npi_given = providers.npi, false) as has_same_npi,
        coalesce(damerau_levenshtein(contacts.npi_given, providers.npi) = 1, false) as has_miskeyed_npi,
        contacts.providers_registered,
        providers.same_last / cast(contacts.providers_registered as double) as same_last_chance,
        providers.same_other / cast(contacts.providers_registered as double) as same_other_chance,
        providers.same_first / cast(contacts.providers_registered as double) as same_first_chance,
        providers.same_trade / cast(contacts.providers_registered as double) as trade_chance,
        pairs.bearers / cast(contacts.providers_registered as double) as same_key_chance,
        contacts.formal_chance,
        contacts.initial_chance,
        contacts.further_chance,
        contacts.further_initial_chance,
        contacts.zip_chance,
        contacts.city_chance,
        contacts.state_chance,
        contacts.specialty_chance,
        contacts.facility_chance,
        contacts.telephone_chance
    from pairs
    inner join contacts
        on pairs.contact_id = contacts.contact_id
    inner join providers
        on pairs.npi = providers.npi

),

-- How often two strangers agree so, and no further: counted in the register, so a rare name, place or trade says more than a
-- frequent one.
judged as (

    select
        agreed.contact_id,
        agreed.npi,
        agreed.last_name,
        agreed.first_name,
        -- Who goes by a further name has shown it already.
        case when agreed.first_name = 'further' then 'missing' else agreed.further_name end as further_name,
        agreed.place,
        agreed.specialty,
        agreed.facility,
        agreed.telephone,
        agreed.has_same_npi,
        agreed.has_miskeyed_npi,
        agreed.providers_registered,
        agreed.trade_written,
        agreed.trade_registered,
        agreed.trade_chance,
        case agreed.last_name
            when 'exact' then agreed.same_last_chance
            -- Few have another name at all, and half of those who do are known by it.
            when 'former' then agreed.same_other_chance
            when 'misspelt' then slips.last_name_chance
            when 'differs' then 1
            else coalesce(agreed.same_key_chance, agreed.same_last_chance)
        end as last_name_chance,
        case agreed.first_name
            when 'exact' then agreed.same_first_chance
            when 'familiar' then agreed.formal_chance
            when 'initial' then agreed.initial_chance
            when 'misspelt' then slips.first_name_chance
            when 'further' then agreed.further_chance
            else 1
        end as first_name_chance,
        case agreed.further_name
            when 'same' then agreed.further_initial_chance
            else greatest(1 - agreed.further_initial_chance, 0.5)
        end as further_name_chance,
        case agreed.place
            when 'zip' then agreed.zip_chance
            when 'city' then greatest(agreed.city_chance - agreed.zip_chance, agreed.city_chance / 2)
            when 'state' then greatest(agreed.state_chance - greatest(agreed.city_chance, agreed.zip_chance), agreed.state_chance / 2)
            when 'differs' then greatest(1 - agreed.state_chance, 0.5)
            else 1
        end as place_chance,
        case agreed.specialty
            when 'same' then agreed.specialty_chance
            else greatest(1 - agreed.specialty_chance, 0.5)
        end as specialty_chance,
        case agreed.facility when 'same' then agreed.facility_chance else 1 end as facility_chance,
        agreed.telephone_chance as number_chance
    from agreed
    cross join slips

),

-- A number stands at a place: of the strangers who agree in the place so many agree in the number too.
final as (

    select
        {{ star_without('number_chance') }},
        case telephone when 'same' then least(number_chance / place_chance, 1) else 1 end as telephone_chance
    from judged

)

select * from final
order by contact_id, npi
