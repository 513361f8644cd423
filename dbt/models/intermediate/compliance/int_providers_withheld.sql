with

named as (

    select
        npi,
        rule,
        since
    from {{ ref('int_restrictions_reached') }}

    union all

    select
        npi,
        rule,
        since
    from {{ ref('int_crm_refusals') }}

    union all

    select
        npi,
        'frequency_cap' as rule,
        since
    from {{ ref('int_providers_at_cap') }}

),

final as (

    select
        npi,
        rule,
        min(since) as since
    from named
    group by npi, rule

)

select * from final
order by npi, rule
