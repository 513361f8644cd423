-- Whose prescribing the field may not know: PDRP is a promise about data, and so is every state's opt-out. A cap on calls hides none.
with

reached as (

    select * from {{ ref('int_restrictions_reached') }}

),

refusals as (

    select * from {{ ref('int_crm_refusals') }}

),

final as (

    select npi from reached
    where rule in ('PDRP', 'STATE_OPT_OUT')

    union

    select npi from refusals
    where rule in ('PDRP', 'STATE_OPT_OUT')

)

select * from final
order by npi
