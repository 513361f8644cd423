-- Whose prescribing the field may not know: PDRP is a promise about data, and so is every state's opt-out.
with

withheld as (

    select * from {{ ref('int_providers_withheld') }}

),

final as (

    select distinct npi
    from withheld
    where rule in ('PDRP', 'STATE_OPT_OUT')

)

select * from final
order by npi
