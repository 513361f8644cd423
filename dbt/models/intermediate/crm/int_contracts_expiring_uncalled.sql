with

contracts as (

    select * from {{ ref('int_contracts') }}

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

calls as (

    select *
    from {{ ref('int_calls') }}
    where is_kept

),

-- A facility is where its accounts are; an account that joins to none stands for itself.
places as (

    select
        account_id,
        coalesce(facility_id, account_id) as place_id,
        facility_id is not null as is_facility
    from accounts

),

called_contacts as (

    select
        contact_id,
        max(called_on) as called_on
    from calls
    group by contact_id

),

called_accounts as (

    select
        account_id,
        max(called_on) as called_on
    from calls
    group by account_id

    union all

    select
        contacts.account_id,
        called_contacts.called_on
    from called_contacts
    inner join contacts
        on called_contacts.contact_id = contacts.contact_id

),

called_places as (

    select
        places.place_id,
        max(called_accounts.called_on) as last_called_on
    from called_accounts
    inner join places
        on called_accounts.account_id = places.account_id
    group by places.place_id

),

ending as (

    select
        places.place_id,
        places.is_facility,
        contracts.contract_id,
        contracts.account_id,
        contracts.supplier,
        contracts.is_own,
        contracts.ends_on
    from contracts
    inner join places
        on contracts.account_id = places.account_id
    where
        contracts.ends_on > {{ as_of() }}
        and contracts.ends_on <= {{ as_of() }} + 180

),

ranked as (

    select
        ending.place_id,
        ending.is_facility,
        ending.contract_id,
        ending.account_id,
        accounts.name as account_name,
        accounts.zip5,
        ending.supplier,
        ending.is_own,
        ending.ends_on,
        called_places.last_called_on,
        row_number() over (partition by ending.place_id order by ending.ends_on, ending.contract_id) as preference
    from ending
    inner join accounts
        on ending.account_id = accounts.account_id
    left join called_places
        on ending.place_id = called_places.place_id
    where called_places.last_called_on is null or called_places.last_called_on <= {{ as_of() }} - 90

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

)

select * from final
order by place_id
