-- Ancestors are found by leaps that double (1, 2, 4 … 32 levels), so that any hierarchy of a CRM takes five joins.
with

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

leap_0 as (

    select
        account_id,
        nullif(parent_account_id, account_id) as ancestor_id
    from accounts

),

{% for leap in range(1, 6) %}

    leap_{{ leap }} as (

        select
            below.account_id,
            coalesce(above.ancestor_id, below.ancestor_id) as ancestor_id
        from leap_{{ leap - 1 }} as below
        left join leap_{{ leap - 1 }} as above
            on below.ancestor_id = above.account_id

    ),

{% endfor %}

-- Accounts that are each other's parents have no top; a parent that the export lacks is a top without a name.
topped as (

    select
        leap_5.account_id,
        coalesce(leap_5.ancestor_id, leap_5.account_id) as top_id,
        accounts.facility_id,
        tops.name as top_name,
        tops.facility_id as top_facility_id
    from leap_5
    inner join accounts
        on leap_5.account_id = accounts.account_id
    left join accounts as tops
        on coalesce(leap_5.ancestor_id, leap_5.account_id) = tops.account_id
    left join leap_0 as unfinished
        on leap_5.ancestor_id = unfinished.account_id
    where unfinished.ancestor_id is null

),

trees as (

    select
        top_id,
        count(distinct facility_id) as facilities
    from topped
    group by top_id

),

-- A hospital and its departments are no system: it takes a parent above the facility, or a second facility.
final as (

    select
        topped.account_id,
        topped.top_id as system_id,
        topped.top_name as system_name
    from topped
    inner join trees
        on topped.top_id = trees.top_id
    where trees.facilities > 1 or (topped.top_id != topped.account_id and topped.top_facility_id is null)

)

select * from final
order by account_id
