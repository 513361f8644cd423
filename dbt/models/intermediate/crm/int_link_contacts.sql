with

contacts as (

    select
        contact_id,
        first_key,
        given_names,
        formal_names,
        last_key,
        npi_given,
        trade,
        specialty_stems,
        has_specialty,
        has_office_title,
        facility_id,
        city_key,
        state,
        zip5,
        account_zip5,
        phone,
        role,
        {{ elements_where('family_names', 'each not in ' ~ name_particles()) }} as family_parts,
        {{ elements_where('given_names', 'each <> first_key') }} as further_names
    from {{ ref('int_crm_contacts_cleaned') }}

),

frequencies as (

    select * from {{ ref('int_link_frequencies') }}

),

registered as (

    select
        max(providers) filter (where field = 'all') as providers,
        sum(providers) filter (where field = 'further initial') as further_initials
    from frequencies

),

registered_npis as (

    select npi from {{ ref('int_link_register') }}

),

-- What a contact says of itself, as the register would have it.
traits as (

    select
        contact_id,
        'formal' as field,
        {{ one_row_each('formal_names') }} as value
    from contacts

    union all

    select
        contact_id,
        'specialty' as field,
        {{ one_row_each('specialty_stems') }} as value
    from contacts

    union all

    -- Whoever goes by a further name may have it alone, or behind an initial or a first name that the register lacks.
    select
        contact_id,
        'further' as field,
        {{ one_row_each(elements_where('given_names', 'length(each) > 1')) }} as value
    from contacts

    union all

    select
        contact_id,
        'first' as field,
        {{ one_row_each('further_names') }} as value
    from contacts

    union all

    select
        contact_id,
        'further initial' as field,
        {{ one_row_each(distinct_elements(elements_as('further_names', 'left(each, 1)'))) }} as value
    from contacts

    union all

    select
        contact_id,
        'initial' as field,
        left(first_key, 1) as value
    from contacts

    union all

    select
        contact_id,
        'zip' as field,
        zip5 as value
    from contacts

    union all

    select
        contact_id,
        'zip' as field,
        account_zip5 as value
    from contacts
    where account_zip5 <> zip5

    union all

    select
        contact_id,
        'city' as field,
        state || '|' || city_key as value
    from contacts

    union all

    select
        contact_id,
        'state' as field,
        state as value
    from contacts

    union all

    select
        contact_id,
        'facility' as field,
        facility_id as value
    from contacts

),

-- Of several words of a trade the rarest tells most; words that nobody in the register bears say nothing of who it is.
words as (

    select
        traits.contact_id,
        traits.value as word,
        frequencies.providers,
        row_number() over (partition by traits.contact_id order by frequencies.providers asc, traits.value asc) as rarity
    from traits
    inner join frequencies
        on traits.field = frequencies.field and traits.value = frequencies.value
    where traits.field = 'specialty'

),

-- A number that more people of the CRM have than of the register is a default of its users, and says as little as it is frequent there.
users as (

    select
        phone,
        count(distinct last_key) as bearers
    from contacts
    group by phone

),

-- Numbers that no register knows, such as a mobile, say nothing of who it is.
telephones as (

    select
        contacts.contact_id,
        contacts.phone as telephone,
        greatest(frequencies.providers, users.bearers) as bearers
    from contacts
    inner join users
        on contacts.phone = users.phone
    inner join frequencies
        on frequencies.field = 'telephone' and contacts.phone = frequencies.value

),

-- Family names that somebody in the register bears, now or formerly.
borne as (

    select distinct value as last_key
    from frequencies
    where field in ('last', 'other')

),

-- The share of all registered providers who would agree with the contact in this by chance.
chances as (

    select
        traits.contact_id,
        sum(case when traits.field = 'formal' then frequencies.providers end) as formal,
        sum(case when traits.field = 'initial' then frequencies.providers end) as initial,
        sum(case when traits.field in ('further', 'first') then frequencies.providers end) as further,
        sum(case when traits.field = 'further initial' then frequencies.providers end) as further_initial,
        sum(case when traits.field = 'zip' then frequencies.providers end) as zip,
        sum(case when traits.field = 'city' then frequencies.providers end) as city,
        sum(case when traits.field = 'state' then frequencies.providers end) as state,
        sum(case when traits.field = 'facility' then frequencies.providers end) as facility
    from traits
    inner join frequencies
        on traits.field = frequencies.field and traits.value = frequencies.value
    group by traits.contact_id

),

final as (

    select
        contacts.contact_id,
        contacts.first_key,
        contacts.given_names,
        contacts.formal_names,
        contacts.last_key,
        contacts.npi_given,
        contacts.trade,
        contacts.specialty_stems,
        words.word as specialty_word,
        contacts.has_specialty,
        contacts.has_office_title,
        contacts.facility_id,
        contacts.city_key,
        contacts.state,
        contacts.zip5,
        contacts.account_zip5,
        telephones.telephone,
        contacts.role,
        contacts.family_parts,
        contacts.further_names,
        case
            when {{ array_length('contacts.family_parts') }} > 1 then 'double'
            when borne.last_key is not null then 'borne'
            else 'unborne'
        end as last_name_form,
        case
            when length(contacts.first_key) = 1 then 'initial'
            when {{ array_length('contacts.formal_names') }} > 1 then 'familiar'
            else 'whole'
        end as first_name_form,
        case
            when contacts.zip5 is not null or contacts.account_zip5 is not null then 'zip'
            when contacts.city_key is not null then 'city'
            else 'state'
        end as place_form,
        case
            when registered_npis.npi is null and {{ has_npi_check_digit('contacts.npi_given') }} then 'unknown_npi'
            when contacts.has_specialty or contacts.npi_given is not null then 'clinician'
            when contacts.role = 'user' then 'user'
            else 'unmarked'
        end as identity_form,
        registered.providers as providers_registered,
        least(coalesce(chances.formal, 1) / cast(registered.providers as double), 1) as formal_chance,
        least(coalesce(words.providers, 1) / cast(registered.providers as double), 1) as specialty_chance,
        least(coalesce(chances.initial, 1) / cast(registered.providers as double), 1) as initial_chance,
        least(coalesce(chances.further, 1) / cast(registered.providers as double), 1) as further_chance,
        -- Many have no further name that a register tells: of those who have one.
        least(coalesce(chances.further_initial, 1) / cast(coalesce(registered.further_initials, 1) as double), 1) as further_initial_chance,
        least(coalesce(chances.zip, 1) / cast(registered.providers as double), 1) as zip_chance,
        least(coalesce(chances.city, 1) / cast(registered.providers as double), 1) as city_chance,
        least(coalesce(chances.state, 1) / cast(registered.providers as double), 1) as state_chance,
        least(coalesce(telephones.bearers, 1) / cast(registered.providers as double), 1) as telephone_chance,
        least(coalesce(chances.facility, 1) / cast(registered.providers as double), 1) as facility_chance
    from contacts
    cross join registered
    left join chances
        on contacts.contact_id = chances.contact_id
    left join words
        on contacts.contact_id = words.contact_id and words.rarity = 1
    left join registered_npis
        on contacts.npi_given = registered_npis.npi
    left join borne
        on contacts.last_key = borne.last_key
    left join telephones
        on contacts.contact_id = telephones.contact_id

)

select * from final
order by contact_id
