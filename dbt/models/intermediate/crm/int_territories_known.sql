with

nodes as (

    select * from {{ ref('stg_salesforce__territories') }}

),

alignment as (

    select
        territory_id,
        kind,
        coalesce(valid_from <= {{ as_of() }}, true) and coalesce(valid_to >= {{ as_of() }}, true) as is_in_force
    from {{ ref('int_zip_territories') }}

),

-- A territory is what it is today; one of which no ZIP is in force, what it was or will be.
aligned as (

    select
        territory_id,
        case when bool_or(is_in_force) then bool_or(is_in_force and kind = 'primary') else bool_or(kind = 'primary') end
            as has_primary_zips
    from alignment
    group by territory_id

),

in_crm as (

    select
        nodes.territory2_id,
        coalesce(nodes.developer_name, nodes.territory2_id) as territory_id,
        nodes.name,
        parents.name as region,
        exists(
            select 1 from nodes as children
            where children.parent_territory2_id = nodes.territory2_id
        ) as is_parent
    from nodes
    left join nodes as parents
        on nodes.parent_territory2_id = parents.territory2_id

),

-- A node above others is a region, unless the company aligns ZIPs to it.
ranked_leaves as (

    select
        in_crm.*,
        row_number() over (partition by in_crm.territory_id order by in_crm.territory2_id) as preference
    from in_crm
    left join aligned
        on in_crm.territory_id = aligned.territory_id
    where not in_crm.is_parent or aligned.territory_id is not null

),

leaves as (

    select *
    from ranked_leaves
    where preference = 1

),

final as (

    select
        coalesce(leaves.territory_id, aligned.territory_id) as territory_id,
        leaves.territory2_id,
        coalesce(leaves.name, aligned.territory_id) as name,
        leaves.region,
        coalesce(not aligned.has_primary_zips, false) as is_overlay
    from leaves
    full outer join aligned
        on leaves.territory_id = aligned.territory_id

)

select * from final
order by territory_id
