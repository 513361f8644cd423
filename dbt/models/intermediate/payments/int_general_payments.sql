with

records as (

    select * from {{ ref('int_general_records') }}

),

-- Who was paid, by whom and for what: whose names and whose record it is costs more to keep than all of this.
final as (

    select
        npi,
        is_hospital,
        manufacturer,
        relation,
        is_listed_manufacturer,
        nature,
        is_disputed,
        program_year,
        payment_count,
        amount_usd,
        paid_on,
        known_on,
        superseded_on
    from records

)

select * from final
