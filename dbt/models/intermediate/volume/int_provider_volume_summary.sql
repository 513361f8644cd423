with

volume as (

    select * from {{ ref('int_provider_family_volume') }}
    where is_focus

),

beginnings as (

    select * from {{ ref('int_provider_family_beginnings') }}

),

families as (

    select * from {{ ref('int_families_listed') }}
    where is_focus

),

totals as (

    select
        npi,
        cast(sum(cast(annual_volume as decimal(18, 3))) as decimal(18, 3)) as annual_volume,
        cast(sum(cast(prior_annual_volume as decimal(18, 3))) as decimal(18, 3)) as prior_annual_volume
    from volume
    group by npi

),

-- New is to whom every focus family with which the provider was ever seen is new.
news as (

    select
        beginnings.npi,
        bool_and(beginnings.is_new_to_family) as is_new_to_family,
        min(beginnings.first_billed_on) as first_billed_on
    from beginnings
    inner join families
        on beginnings.procedure_family = families.procedure_family
    group by beginnings.npi

),

final as (

    select
        coalesce(totals.npi, news.npi) as npi,
        totals.annual_volume,
        totals.prior_annual_volume,
        totals.npi is not null as is_told,
        coalesce(news.is_new_to_family, false) as is_new_to_family,
        news.first_billed_on
    from totals
    full outer join news
        on totals.npi = news.npi

)

select * from final
order by npi
