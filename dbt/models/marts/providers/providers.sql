with

registered as (

    select * from {{ ref('int_providers_registered') }}

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

centroids as (

    select * from {{ ref('stg_reference__zip_centroids') }}

),

affiliations as (

    select * from {{ ref('int_provider_affiliation_summary') }}

),

volume as (

    select * from {{ ref('int_provider_volume_summary') }}

),

windows as (

    select * from {{ ref('int_volume_windows') }}

),

opted_out as (

    select npi from {{ ref('int_providers_opted_out') }}

),

releases as (

    select count(*) as releases from {{ ref('int_payment_releases') }}
    where payment_kind = 'general'

),

trends as (

    select * from {{ source('ml', 'volume_provider_trends') }}

),

payments as (

    select * from {{ ref('int_provider_payment_totals') }}

),

links as (

    select * from {{ ref('int_provider_crm_links') }}

),

first_orders as (

    select * from {{ ref('int_first_orders') }}

),

families as (

    select bool_and(has_claim_line_codes) as are_all_in_claim_lines
    from {{ ref('int_families_listed') }}
    where is_focus

),

-- Silence is zero where claim lines or payments speak for the whole window, else unknown.
silence as (

    select
        case when families.are_all_in_claim_lines then windows.silent_volume end as volume,
        case when families.are_all_in_claim_lines then windows.silent_prior_volume end as prior_volume,
        case when releases.releases > 0 then 0.0 end as payments
    from windows
    cross join releases
    cross join families

),

final as (

    select
        registered.npi,
        registered.first_name,
        registered.last_name,
        registered.credential,
        registered.specialty,
        registered.taxonomy_code,
        registered.city,
        registered.state,
        registered.zip5,
        centroids.latitude,
        centroids.longitude,
        territories.territory_id,
        affiliations.primary_facility_id,
        coalesce(affiliations.facility_count, 0) as facility_count,
        registered.enumerated_on,
        registered.is_active,
        -- Whom only public files list is not silent but unknown in a year that does not list them.
        -- Of who opted out nothing is known, not even silence.
        cast(
            case
                when opted_out.npi is not null then null
                when volume.is_told then volume.annual_volume
                else silence.volume
            end as double
        ) as annual_volume,
        cast(
            case
                when opted_out.npi is not null then null
                when volume.is_told then volume.prior_annual_volume
                else silence.prior_volume
            end as double
        ) as prior_annual_volume,
        case when opted_out.npi is null then trends.volume_trend end as volume_trend,
        case when opted_out.npi is null then coalesce(trends.volume_direction, 'unknown') else 'unknown' end as volume_direction,
        opted_out.npi is null and coalesce(volume.is_new_to_family, false) as is_new_to_family,
        affiliations.affiliation_changed_on,
        cast(coalesce(payments.competitor_payments_usd, silence.payments) as double) as competitor_payments_usd,
        cast(coalesce(payments.own_payments_usd, silence.payments) as double) as own_payments_usd,
        payments.top_paying_manufacturer,
        cast(
            case
                when payments.npi is not null
                    then
                        {{ lock_in(
                            'payments.top_competitor_usd', 'payments.competitor_payments_usd', 'payments.top_competitor_paid_on', as_of()
                        ) }}
                else silence.payments
            end as double
        ) as competitor_lock_in,
        links.last_called_on,
        coalesce(links.calls_12m, 0) as calls_12m,
        links.contact_id,
        coalesce(links.link_method, 'none') as crm_link_method,
        links.link_probability as crm_link_probability,
        first_orders.first_order_on is not null as is_customer,
        first_orders.first_order_on,
        {{ as_of() }} as as_of
    from registered
    cross join silence
    left join territories
        on registered.npi = territories.npi
    left join centroids
        on registered.zip5 = centroids.zip5
    left join affiliations
        on registered.npi = affiliations.npi
    left join volume
        on registered.npi = volume.npi
    left join opted_out
        on registered.npi = opted_out.npi
    left join trends
        on registered.npi = trends.npi
    left join payments
        on registered.npi = payments.npi
    left join links
        on registered.npi = links.npi
    left join first_orders
        on registered.npi = first_orders.npi

)

select * from final
