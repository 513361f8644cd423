with

contacts as (

    select
        first_key,
        last_key
    from {{ ref('int_link_contacts') }}
    where length(last_key) >= 4
    order by md5(contact_id) asc, contact_id asc
    limit 200

),

providers as (

    select
        first_key,
        last_key
    from {{ ref('int_link_register') }}
    order by md5(npi) asc, npi asc
    limit 400

),

-- Names of people who have nothing to do with each other, enough of them to count what looks like a slip of the pen.
pairs as (

    select
        contacts.last_key <> providers.last_key
        and {{ is_misspelt('contacts.last_key', 'providers.last_key') }} as is_last_alike,
        least(length(contacts.first_key), length(providers.first_key)) >= 4
        and damerau_levenshtein(contacts.first_key, providers.first_key) = 1 as is_first_alike
    from contacts
    cross join providers

),

final as (

    select
        (1 + count(*) filter (where is_last_alike)) / cast(1000 + count(*) as double) as last_name_chance,
        (1 + count(*) filter (where is_first_alike)) / cast(1000 + count(*) as double) as first_name_chance
    from pairs

)

select * from final
