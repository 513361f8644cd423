with

records as (

    select * from {{ ref('int_general_records') }}

),

manufacturers as (

    select * from {{ ref('int_manufacturers_published') }}

),

-- Who was paid, by whom and for what: whose names and whose record it is costs more to keep than all of this.
final as (

    select
        records.npi,
        records.is_hospital,
        manufacturers.manufacturer,
        coalesce(manufacturers.relation, 'other') as relation,
        coalesce(manufacturers.is_listed_manufacturer, false) as is_listed_manufacturer,
        records.nature,
        records.is_disputed,
        records.program_year,
        records.payment_count,
        records.amount_usd,
        records.paid_on,
        records.known_on,
        records.superseded_on
    from records
    left join manufacturers
        on records.manufacturer_published = manufacturers.manufacturer_published

)

select * from final
