with

committees as (

    select * from {{ ref('int_facility_committees') }}

),

final as (

    select
        facility_id,
        role,
        people,
        people_contacted_12m,
        contacts_12m,
        last_contacted_on,
        {{ days_between('last_contacted_on', as_of()) }} as days_since_contact,
        case
            when people = 0 then 'nobody known'
            when people_contacted_12m = 0 then 'not contacted'
            else 'contacted'
        end as coverage
    from committees

)

select * from final
order by facility_id, role
