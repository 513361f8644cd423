with

source as (

    select * from {{ source('company', 'state_rules') }}

),

renamed as (

    select
        state,
        rule,
        reach,
        effective_from,
        effective_to,
        source as legal_source,
        meaning
    from source

)

select * from renamed
