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
        state,
        rule,
        reach,
        effective_from,
        effective_to,
        legal_source,
        meaning,
        true as is_own
    from own
    union all
    select
        shipped.state,
        shipped.rule,
        shipped.reach,
        shipped.effective_from,
        shipped.effective_to,
        shipped.legal_source,
        shipped.meaning,
        false as is_own
    from shipped
    anti join replaced
        on shipped.state = replaced.state and shipped.rule = replaced.rule

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
