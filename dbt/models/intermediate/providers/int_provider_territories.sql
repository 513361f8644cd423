with

providers as (

    select * from {{ ref('int_providers_registered') }}

),

primaries as (

    select * from {{ ref('int_zip_territories') }}
    where
        kind = 'primary'
        and (valid_from is null or valid_from <= {{ as_of() }})
        and (valid_to is null or valid_to >= {{ as_of() }})

),

-- A ZIP has one primary territory on a day; were there two, the younger alignment holds.
one_a_zip as (

    select *
    from primaries
    qualify row_number() over (partition by zip5 order by valid_from desc nulls last, territory_id) = 1

),

final as (

    select
        providers.npi,
        one_a_zip.territory_id
    from providers
    left join one_a_zip
        on providers.zip5 = one_a_zip.zip5

)

select * from final
order by npi
