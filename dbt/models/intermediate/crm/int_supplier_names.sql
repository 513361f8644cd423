with

manufacturers as (

    select * from {{ ref('stg_company__manufacturers') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

own_names as (

    select
        company_name,
        {{ one_row_each(arrays_joined(array_of('company_name', "'own'"), 'own_manufacturers')) }} as own_name
    from settings

),

-- Every spelling under which the company or a manufacturer is known.
spellings as (

    select
        {{ normal_name('own_name') }} as name_key,
        company_name as supplier,
        'own' as relation
    from own_names

    union all

    select
        {{ normal_name('manufacturer') }} as name_key,
        manufacturer as supplier,
        relation
    from manufacturers

    union all

    select
        {{ normal_name('open_payments_name') }} as name_key,
        manufacturer as supplier,
        relation
    from manufacturers

),

final as (

    select
        name_key,
        min(supplier) as supplier,
        case
            when bool_or(relation = 'own') then 'own'
            when bool_or(relation = 'competitor') then 'competitor'
            else 'other'
        end as relation
    from spellings
    where name_key is not null
    group by name_key

)

select * from final
