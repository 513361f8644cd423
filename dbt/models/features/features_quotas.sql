with

quotas as (

    select * from {{ ref('stg_salesforce__quotas') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

-- Monthly quotas add up to their fiscal quarter.
final as (

    select
        quotas.owner_id as rep_id,
        {{ quarter_start('quotas.period_start', 'settings.fiscal_year_start_month') }} as quarter_start,
        cast(sum(quotas.quota_usd) as double) as quota_usd
    from quotas
    cross join settings
    group by all

)

select * from final
order by rep_id, quarter_start
