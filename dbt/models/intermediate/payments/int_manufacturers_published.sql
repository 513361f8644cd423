with

relations as (

    select * from {{ ref('int_manufacturer_relations') }}

),

-- A few thousand names stand in millions of records: each is put into its normal form once.
published as (

    select manufacturer_published from {{ ref('stg_open_payments__general') }}
    union
    select manufacturer_published from {{ ref('stg_open_payments__research') }}
    union
    select manufacturer_published from {{ ref('stg_open_payments__ownership') }}

),

keyed as (

    select
        manufacturer_published,
        {{ normal_name('manufacturer_published') }} as name_key
    from published
    where manufacturer_published is not null

),

final as (

    select
        keyed.manufacturer_published,
        coalesce(relations.manufacturer, keyed.manufacturer_published) as manufacturer,
        coalesce(relations.relation, 'other') as relation,
        relations.manufacturer is not null as is_listed_manufacturer
    from keyed
    left join relations
        on keyed.name_key = relations.name_key

)

select * from final
order by manufacturer_published
