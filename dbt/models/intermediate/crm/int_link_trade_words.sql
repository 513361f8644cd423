with

trades as (

    select distinct trade
    from {{ ref('int_link_register') }}
    where trade is not null

),

stems as (

    select
        trade,
        {{ specialty_stems('trade') }} as specialty_stems
    from trades

),

-- `Derm`, `Neuro`: whoever keeps a CRM cuts words short.
final as (

    select
        trade,
        specialty_stems,
        array_sort({{ distinct_elements(arrays_joined(
            'specialty_stems', elements_as('specialty_stems', 'left(each, 4)'), elements_as('specialty_stems', 'left(each, 3)')
        )) }}) as specialty_beginnings
    from stems

)

select * from final
order by trade
