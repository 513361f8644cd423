with

linked as (

    select * from {{ ref('int_contacts_linked') }}

),

cleaned as (

    select * from {{ ref('int_crm_contacts_cleaned') }}

),

duplicates as (

    select * from {{ ref('int_contacts_duplicated') }}

),

accounts as (

    select * from {{ ref('int_accounts_linked') }}

),

repeated_accounts as (

    select * from {{ ref('int_accounts_duplicated') }}

),

facilities as (

    select * from {{ ref('int_facilities_registered') }}

),

zips as (

    select * from {{ ref('int_zip_primary_territories') }}

),

calls as (

    select
        contact_id,
        count(*) as calls_12m
    from {{ ref('int_calls') }}
    where is_kept and contact_id is not null and called_on > {{ as_of() }} - interval 12 month
    group by contact_id

),

-- A contact that should be a provider and joins to none; buyers and administrators need not join.
unlinked_contacts as (

    select
        'unlinked_record' as kind,
        linked.contact_id as subject_id,
        cleaned.zip5,
        linked.candidate_npi as npi,
        linked.link_probability as npi_probability,
        {{ json_object_of({'record': "'contact'", 'cause': 'linked.cause', 'candidate_npi': 'linked.candidate_npi',
            'link_probability': 'linked.link_probability', 'calls_12m': 'coalesce(calls.calls_12m, 0)'}) }} as evidence,
        'This contact joins to no registered provider (' || replace(linked.cause, '_', ' ') || '); its '
        || coalesce(calls.calls_12m, 0) || ' kept calls of twelve months count for nobody.' as why
    from linked
    inner join cleaned
        on linked.contact_id = cleaned.contact_id
    left join calls
        on linked.contact_id = calls.contact_id
    where
        linked.npi is null
        -- Whom a steward called no provider needs no second look.
        and linked.cause not like '%no_provider_by_steward'
        and linked.role not in ('buyer', 'administrator')
        and (
            linked.role = 'user' or cleaned.has_specialty or cleaned.npi_given is not null
            or linked.link_method = 'review'
        )

),

-- An account whose number no register knows or contradicts its place, or that a steward should look at; with no register
-- at hand nothing can be said.
register_at_hand as (

    select count(*) as facilities_known from facilities

),

accounts_to_mend as (

    select
        accounts.*,
        case
            when facilities.facility_id is null and accounts.facility_id is not null then 'facility_not_registered'
            else accounts.cause
        end as flagged_cause
    from accounts
    cross join register_at_hand
    left join facilities
        on accounts.facility_id = facilities.facility_id
    where
        register_at_hand.facilities_known > 0
        and (
            length(accounts.facility_id) = 6 and facilities.facility_id is null
            or accounts.link_method = 'review'
            or accounts.link_method = 'none' and accounts.cause like '%contradicts%'
        )

),

unlinked_accounts as (

    select
        'unlinked_record' as kind,
        account_id as subject_id,
        zip5,
        cast(null as string) as npi,
        cast(null as double) as npi_probability,
        {{ json_object_of({'record': "'account'", 'cause': 'flagged_cause', 'facility_id': 'facility_id',
            'candidate_facility_id': 'candidate_facility_id', 'link_probability': 'link_probability'}) }} as evidence,
        case
            when flagged_cause = 'facility_not_registered'
                then 'This account names facility ' || facility_id || ', which no register knows.'
            when candidate_facility_id is null
                then 'This account joins to no registered facility (' || replace(flagged_cause, '_', ' ') || ').'
            else 'This account may be facility ' || candidate_facility_id || ' (' || replace(flagged_cause, '_', ' ') || ').'
        end as why
    from accounts_to_mend

),

duplicate_contacts as (

    select
        'duplicate_record' as kind,
        duplicates.contact_id as subject_id,
        cleaned.zip5,
        cast(null as string) as npi,
        cast(null as double) as npi_probability,
        {{ json_object_of({'record': "'contact'", 'duplicate_of': 'duplicates.original_id', 'shared': 'duplicates.trait'}) }} as evidence,
        'A second record of the person of contact ' || duplicates.original_id || ': it has the same '
        || case duplicates.trait
            when 'npi' then 'NPI' when 'candidate' then 'name and likely provider' when 'account' then 'name and account'
            when 'place' then 'name and ZIP'
            when 'email' then 'family name and e-mail address' else 'name and telephone'
        end || ' as a record of that person.' as why
    from duplicates
    inner join cleaned
        on duplicates.contact_id = cleaned.contact_id

),

duplicate_accounts as (

    select
        'duplicate_record' as kind,
        repeated_accounts.account_id as subject_id,
        accounts.zip5,
        cast(null as string) as npi,
        cast(null as double) as npi_probability,
        {{ json_object_of({
            'record': "'account'", 'duplicate_of': 'repeated_accounts.original_id', 'shared': 'repeated_accounts.trait'
        }) }} as evidence,
        'A second record of the facility of account ' || repeated_accounts.original_id || ': '
        || case repeated_accounts.trait
            when 'facility' then 'both are ' || repeated_accounts.facility_id else 'both have one name in one ZIP'
        end || '.' as why
    from repeated_accounts
    inner join accounts
        on repeated_accounts.account_id = accounts.account_id

),

flags as (

    select * from unlinked_contacts
    union all
    select * from unlinked_accounts
    union all
    select * from duplicate_contacts
    union all
    select * from duplicate_accounts

),

final as (

    select
        flags.kind,
        'crm_record' as subject_type,
        flags.subject_id,
        zips.territory_id,
        {{ elements_where(array_of('flags.npi'), 'each is not null') }} as npis,
        coalesce(flags.npi_probability, 0) as money_share,
        flags.evidence,
        flags.why
    from flags
    left join zips
        on flags.zip5 = zips.zip5

)

select * from final
order by kind, subject_id
