with

contacts as (

    select * from {{ ref('int_contacts_linked') }}

),

duplicates as (

    select * from {{ ref('int_contacts_duplicated') }}

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}
    where facility_id is not null

),

calls as (

    select *
    from {{ ref('int_calls') }}
    where is_kept and contact_id is not null

),

called as (

    select
        contact_id,
        max(called_on) as last_contacted_on,
        count_if(called_on > {{ as_of() }} - interval 12 month) as contacts_12m
    from calls
    group by contact_id

),

-- Records of one person count once: by the provider whom they share, else by the record that they repeat.
members as (

    select
        accounts.facility_id,
        contacts.role,
        coalesce(contacts.npi, duplicates.original_id, contacts.contact_id) as person_id,
        called.last_contacted_on,
        coalesce(called.contacts_12m, 0) as contacts_12m
    from contacts
    inner join accounts
        on contacts.account_id = accounts.account_id
    left join duplicates
        on contacts.contact_id = duplicates.contact_id
    left join called
        on contacts.contact_id = called.contact_id

),

known as (

    select
        facility_id,
        role,
        count(distinct person_id) as people,
        count(distinct case when contacts_12m > 0 then person_id end) as people_contacted_12m,
        sum(contacts_12m) as contacts_12m,
        max(last_contacted_on) as last_contacted_on
    from members
    group by facility_id, role

),

-- A seat of the committee that nobody is known to hold is a row as well; people without a role have no seat.
seats as (

    {% for role in ['user', 'buyer', 'administrator'] %}

        select distinct
            facility_id,
            '{{ role }}' as role
        from accounts

        union

    {% endfor %}

    select
        facility_id,
        role
    from known

),

final as (

    select
        seats.facility_id,
        seats.role,
        coalesce(known.people, 0) as people,
        coalesce(known.people_contacted_12m, 0) as people_contacted_12m,
        cast(coalesce(known.contacts_12m, 0) as bigint) as contacts_12m,
        known.last_contacted_on
    from seats
    left join known
        on seats.facility_id = known.facility_id and seats.role = known.role

)

select * from final
