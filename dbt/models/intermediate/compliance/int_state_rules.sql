with

shipped as (

    select * from {{ ref('stg_reference__state_rules') }}

),

own as (

    select * from {{ ref('stg_company__state_rules') }}

),

-- A company that reads a state's rule otherwise writes it anew, whole: none of its shipped days are left.
replaced as (

    select distinct
        state,
        rule
    from own

),

either as (

    select
        own.*,
        true as is_own
    from own
    union all
    select
        shipped.*,
        false as is_own
    from shipped
    left join replaced
        on shipped.state = replaced.state and shipped.rule = replaced.rule
    where replaced.state is null

),

final as (

    select
        *,
        (effective_from <= {{ as_of() }} or effective_from is null)
        and (effective_to >= {{ as_of() }} or effective_to is null) as is_in_force
    from either

)

select * from final
order by state, rule, effective_from
