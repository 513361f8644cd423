with

alignment as (

    select * from {{ ref('stg_company__territory_alignment') }}

),

final as (

    select distinct
        zip5,
        territory_id,
        kind,
        valid_from,
        valid_to
    from alignment
    where zip5 is not null and territory_id is not null

)

select * from final
order by zip5, kind, valid_from, territory_id
