with

withheld as (

    select withheld.*
    from {{ ref('int_providers_withheld') }} as withheld
    anti join {{ ref('int_providers_opted_out') }} as opted_out
        on withheld.npi = opted_out.npi
    -- Who was called often enough this quarter can be reached.
    where withheld.rule <> 'frequency_cap'

),

performing as (

    select distinct npi from {{ ref('int_provider_family_opportunity') }}

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

-- Who performs focus procedures and must not be called is shown apart, with no money. Who opted out is not even named.
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
    group by withheld.npi, territories.territory_id

)

select * from final
order by subject_id
