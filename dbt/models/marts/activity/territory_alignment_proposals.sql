with

proposals as (

    select * from {{ source('ml', 'alignment_proposals') }}

),

final as (

    select
        zip5,
        from_territory_id,
        to_territory_id,
        reason,
        cast(effect as {{ json_type() }}) as effect
    from proposals

)

select * from final
order by zip5
