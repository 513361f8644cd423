with

-- Nothing measures influence yet: the promised columns, and no rows.
final as (

    select
        cast(null as string) as npi,
        cast(null as bigint) as community_id,
        cast(null as double) as degree,
        cast(null as double) as pagerank,
        cast(null as double) as betweenness,
        cast(null as string) as role,
        cast(null as double) as expected_secondary_adopters,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as double) as adopters_among_peers
    where false

)

select * from final
