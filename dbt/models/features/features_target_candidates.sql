with

providers as (

    select *
    from {{ ref('int_providers_registered') }}
    where is_active

),

scorable as (

    select * from {{ ref('int_candidate_npis') }}

),

territories as (

    select * from {{ ref('int_provider_territories') }}
    where territory_id is not null

),

centroids as (

    select * from {{ ref('stg_reference__zip_centroids') }}

),

customers as (

    select npi from {{ ref('int_first_orders') }}

),

withheld as (

    select distinct npi from {{ ref('int_providers_withheld') }}

),

opportunity as (

    select
        npi,
        cast(sum(cast(open_revenue_usd as decimal(18, 2))) as double) as open_revenue_usd
    from {{ ref('int_provider_family_opportunity') }}
    group by npi

),

calls as (

    select *
    from {{ ref('int_calls') }}
    where npi is not null and called_on <= {{ as_of() }} and called_on > {{ months_after(as_of(), '-24') }}

),

asked as (

    select
        npi,
        count(*) as asked_calls_24m,
        count(*) filter (where is_kept) as kept_calls_24m,
        count(*) filter (where is_kept and called_on > {{ months_after(as_of(), '-3') }}) as calls_3m
    from calls
    group by npi

),

by_rep as (

    select
        npi,
        rep_id,
        row_number() over (partition by npi order by count(*) desc, rep_id asc) as preference
    from calls
    where is_kept and rep_id is not null
    group by npi, rep_id

),

callers as (

    select
        npi,
        rep_id as calling_rep_id
    from by_rep
    where preference = 1

),

marked as (

    select distinct contacts.npi
    from {{ ref('int_contacts_linked') }} as contacts
    inner join {{ ref('int_crm_contacts_united') }} as records
        on contacts.contact_id = records.contact_id
    where records.is_rep_target and contacts.npi is not null

),

answers as (

    select * from {{ ref('int_target_answers') }}

),

final as (

    select
        providers.npi,
        territories.territory_id,
        withheld.npi is not null as is_withheld,
        marked.npi is not null as is_rep_target,
        coalesce(opportunity.open_revenue_usd, 0) as open_revenue_usd,
        coalesce(asked.calls_3m, 0) as calls_3m,
        coalesce(asked.asked_calls_24m, 0) as asked_calls_24m,
        coalesce(asked.kept_calls_24m, 0) as kept_calls_24m,
        callers.calling_rep_id,
        centroids.latitude,
        centroids.longitude,
        coalesce(answers.feedback, 'none') as feedback,
        coalesce(answers.is_approval, false) as is_approval,
        coalesce(answers.is_in_force, false) as is_answer_in_force,
        answers.reason as answer_reason,
        answers.decided_on as answered_on,
        answers.holds_until as answer_holds_until,
        answers.reopened_because
    from providers
    semi join scorable
        on providers.npi = scorable.npi
    anti join customers
        on providers.npi = customers.npi
    inner join territories
        on providers.npi = territories.npi
    left join withheld
        on providers.npi = withheld.npi
    left join opportunity
        on providers.npi = opportunity.npi
    left join asked
        on providers.npi = asked.npi
    left join callers
        on providers.npi = callers.npi
    left join marked
        on providers.npi = marked.npi
    left join answers
        on providers.npi = answers.npi
    left join centroids
        on providers.zip5 = centroids.zip5

)

select * from final
order by npi
