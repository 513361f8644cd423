with

accounts as (

    select * from {{ ref('int_crm_accounts_united') }}

),

checked as (

    select * from {{ ref('int_account_numbers_checked') }}

),

best as (

    select * from {{ ref('int_account_choices') }}

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

visible as (

    select
        accounts.*,
        {{ local_date('accounts.created_at', 'settings.timezone') }} as known_on
    from accounts
    cross join settings

),

believed as (

    select account_id from checked
    where is_registered and cause is null

),

linkable as (

    select
        best.account_id,
        best.link_probability
    from best
    inner join visible
        on best.account_id = visible.account_id
    anti join believed
        on best.account_id = believed.account_id
    where visible.known_on <= {{ as_of() }} or visible.known_on is null

),

sure as (

    {{ sure_by_name('linkable', 'account_id') }}

),

judged as (

    select
        visible.account_id,
        visible.register,
        visible.name,
        visible.type,
        visible.parent_account_id,
        visible.gpo,
        visible.city,
        visible.state,
        visible.zip5,
        visible.known_on,
        ccns.facility_id as ccn,
        npis.facility_id as npi_facility_id,
        best.facility_id as best_id,
        best.link_probability as best_probability,
        coalesce(ccns.cause, case when not ccns.is_registered then 'ccn_not_registered' end) as ccn_cause,
        coalesce(npis.cause, case when not npis.is_registered then 'npi_not_registered' end) as npi_cause,
        case
            when ccns.is_registered and ccns.cause is null then 'ccn'
            when npis.is_registered and npis.cause is null then 'npi'
            when best.link_probability >= 0.9 then 'name'
            when best.link_probability >= 0.85 and sure.account_id is not null then 'name'
            -- A number that no register knows stands for a facility of which only the CRM tells.
            when ccns.facility_id is not null and ccns.cause is null then 'ccn'
            when npis.facility_id is not null and npis.cause is null then 'npi'
            when best.facility_id is not null then 'review'
            else 'none'
        end as link_method,
        case
            when best.rivals > 1 then 'several_candidates'
            when best.facility_id is not null then 'weak_evidence'
            when visible.name is null then 'no_name'
            else 'no_candidate'
        end as name_cause
    from visible
    left join checked as ccns
        on visible.account_id = ccns.account_id and ccns.number_type = 'ccn'
    left join checked as npis
        on visible.account_id = npis.account_id and npis.number_type = 'npi'
    left join best
        on visible.account_id = best.account_id
    left join sure
        on visible.account_id = sure.account_id
    where visible.known_on <= {{ as_of() }} or visible.known_on is null

),

final as (

    select
        account_id,
        register,
        case link_method when 'ccn' then ccn when 'npi' then npi_facility_id when 'name' then best_id end as facility_id,
        case when link_method = 'review' then best_id end as candidate_facility_id,
        link_method,
        case
            when link_method in ('name', 'review') then best_probability
            when link_method in ('ccn', 'npi') then 0.999
        end as link_probability,
        nullif(concat_ws(
            ', ', ccn_cause, npi_cause,
            case when link_method in ('review', 'none') then name_cause end
        ), '') as cause,
        name,
        type,
        parent_account_id,
        gpo,
        city,
        state,
        zip5,
        known_on
    from judged

)

select * from final
order by account_id
