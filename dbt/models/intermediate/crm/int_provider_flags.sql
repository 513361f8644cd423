with

withheld as (

    select * from {{ ref('int_providers_withheld') }}

),

performing as (

    select distinct npi from {{ ref('int_provider_family_opportunity') }}

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

protected as (

    select npi
    from withheld
    where rule = 'PDRP'

),

-- Who performs focus procedures and must not be called is shown apart, with no money. PDRP is not even named.
final as (

    select
        'unreachable' as kind,
        'provider' as subject_type,
        withheld.npi as subject_id,
        territories.territory_id,
        {{ array_of('withheld.npi') }} as npis,
        cast(0 as double) as money_share,
        {{ json_object_of({'rules': sorted_list('withheld.rule')}) }} as evidence,
        'Not to be called: ' || {{ sorted_text('withheld.rule') }} || '.' as why
    from withheld
    left join territories
        on withheld.npi = territories.npi
    inner join performing
        on withheld.npi = performing.npi
    left join protected
        on withheld.npi = protected.npi
    where protected.npi is null
    group by withheld.npi, territories.territory_id

)

select * from final
order by subject_id
