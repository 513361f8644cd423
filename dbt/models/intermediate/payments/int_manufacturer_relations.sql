with

listed as (

    select * from {{ ref('stg_company__manufacturers') }}

),

own as (

    select {{ one_row_each('own_manufacturers') }} as own_name
    from {{ ref('stg_company__settings') }}

),

names as (

    select
        name_key,
        manufacturer,
        relation,
        1 as priority
    from listed
    where name_key is not null

    union all

    -- A manufacturer may be written in Open Payments by its own name too.
    select
        {{ normal_name('manufacturer') }} as name_key,
        manufacturer,
        relation,
        2 as priority
    from listed

    union all

    select
        {{ normal_name('own_name') }} as name_key,
        own_name as manufacturer,
        'own' as relation,
        3 as priority
    from own

),

own_keys as (

    select {{ normal_name('own_name') }} as name_key
    from own

),

ranked_one_a_name as (

    select
        *,
        row_number() over (partition by name_key order by priority, manufacturer, relation) as preference
    from names
    where name_key is not null

),

one_a_name as (

    select *
    from ranked_one_a_name
    where preference = 1

),

own_manufacturers as (

    select distinct one_a_name.manufacturer
    from one_a_name
    inner join own_keys
        on one_a_name.name_key = own_keys.name_key

),

-- One relation a manufacturer: own where the settings say so, else as listed.
relations as (

    select
        one_a_name.manufacturer,
        case
            when bool_or(own_manufacturers.manufacturer is not null or one_a_name.relation = 'own') then 'own'
            when bool_or(one_a_name.relation = 'competitor') then 'competitor'
            else 'other'
        end as relation
    from one_a_name
    left join own_manufacturers
        on one_a_name.manufacturer = own_manufacturers.manufacturer
    group by one_a_name.manufacturer

),

final as (

    select
        one_a_name.name_key,
        one_a_name.manufacturer,
        relations.relation
    from one_a_name
    inner join relations
        on one_a_name.manufacturer = relations.manufacturer

)

select * from final
order by name_key
