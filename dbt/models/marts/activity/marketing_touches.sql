with

touches as (

    select * from {{ ref('int_campaign_touches') }}

),

final as (

    select
        touch_id,
        campaign,
        npi,
        touched_on,
        has_responded
    from touches

)

select * from final
order by touch_id
