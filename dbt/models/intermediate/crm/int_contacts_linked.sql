with

contacts as (

    select * from {{ ref('int_crm_contacts_cleaned') }}

),

scores as (

    select * from {{ ref('int_link_scores') }}

),

by_npi as (

    select * from {{ ref('int_contact_npis_checked') }}

),

decisions as (

    select * from {{ ref('int_link_decisions') }}

),

providers as (

    select npi from {{ ref('int_link_register') }}

),

-- What a steward decided that somebody is holds against every name and number; only whom no register knows cannot be followed.
decided as (

    select
        decisions.contact_id,
        decisions.npi,
        case
            when decisions.npi is null then 'no_provider_by_steward'
            when providers.npi is null then 'npi_of_steward_not_registered'
        end as cause
    from decisions
    left join providers
        on decisions.npi = providers.npi
    where decisions.decision = 'link' or decisions.npi is null

),

refused as (

    select distinct contact_id
    from decisions
    where decision = 'no_link'

),

ranked as (

    select
        *,
        count(*) over (partition by contact_id) as candidate_count,
        row_number() over (partition by contact_id order by link_probability desc nulls last, npi asc) as place_of_candidate
    from scores

),

best as (

    select * from ranked
    where place_of_candidate = 1

),

-- By itself a link by name is made while the links so made are expected to be wrong in no more than one of a hundred
-- cases, whatever the CRM's own NPIs add to their number.
believed as (

    select contact_id
    from by_npi
    where cause is null

    union

    select contact_id from decided

),

linkable as (

    select
        best.contact_id,
        best.link_probability
    from best
    anti join believed
        on best.contact_id = believed.contact_id
    where best.first_name != 'differs'

),

sure as (

    {{ sure_by_name('linkable', 'contact_id') }}

),

judged as (

    select
        contacts.*,
        best.npi as best_npi,
        best.link_probability as best_probability,
        decided.npi as decided_npi,
        decided.contact_id is not null as is_decided,
        case
            when decided.cause is not null then 'none'
            when decided.npi = contacts.npi_given then 'npi'
            when decided.npi is not null then 'matched'
            when by_npi.npi is not null and by_npi.cause is null then 'npi'
            when
                best.first_name != 'differs'
                and (
                    best.link_probability >= case when best.place = 'differs' and best.telephone != 'same' then 0.98 else 0.9 end
                    or best.link_probability >= 0.85 and sure.contact_id is not null
                )
                then 'matched'
            when best.link_probability >= 0.05 then 'review'
            else 'none'
        end as first_judgement,
        by_npi.npi as given_npi,
        by_npi.cause as npi_cause,
        case
            when decided.cause is not null then decided.cause
            when contacts.last_key is null then 'no_name'
            when contacts.role in ('buyer', 'administrator') and not contacts.has_specialty then 'no_provider_role'
            when best.npi is null and refused.contact_id is not null then 'ruled_out_by_steward'
            when best.npi is null then 'no_candidate'
            when best.candidate_count > 1 and best.link_probability >= 0.05 then 'several_candidates'
            else 'weak_evidence'
        end as name_cause
    from contacts
    left join by_npi
        on contacts.contact_id = by_npi.contact_id
    left join best
        on contacts.contact_id = best.contact_id
    left join sure
        on contacts.contact_id = sure.contact_id
    left join decided
        on contacts.contact_id = decided.contact_id
    left join refused
        on contacts.contact_id = refused.contact_id

),

-- One provider, one person: contacts that share a provider must be able to be duplicates of the surest of them.
compared as (

    select
        *,
        first_value(formal_names) over surest as surest_names,
        first_value(first_key) over surest as surest_first_key
    from judged
    window surest as (
        partition by case first_judgement when 'npi' then given_npi when 'matched' then coalesce(decided_npi, best_npi) else contact_id end
        order by is_decided desc, first_judgement = 'npi' desc, best_probability desc nulls last, contact_id asc
    )

),

settled as (

    select
        *,
        case
            when
                first_judgement = 'matched'
                and not is_decided
                and not {{ arrays_meet('formal_names', 'surest_names') }}
                and not {{ begins_with('first_key', 'surest_first_key') }}
                and not {{ begins_with('surest_first_key', 'first_key') }}
                and damerau_levenshtein(first_key, surest_first_key) > 1
                then 'review'
            else first_judgement
        end as link_method
    from compared

),

final as (

    select
        contact_id,
        case link_method when 'npi' then given_npi when 'matched' then coalesce(decided_npi, best_npi) end as npi,
        case when link_method = 'review' then best_npi end as candidate_npi,
        link_method,
        case
            when link_method = 'none' then null
            when is_decided then 1
            when link_method = 'npi' then 0.999
            else best_probability
        end as link_probability,
        case
            when link_method in ('review', 'none') then null
            when is_decided then 'steward'
            when link_method = 'npi' then 'crm_npi'
            else 'name'
        end as link_basis,
        case
            when link_method in ('npi', 'matched') then npi_cause
            else concat_ws(', ', npi_cause, name_cause)
        end as cause,
        account_id,
        register,
        do_not_call,
        coalesce(role, case when link_method in ('npi', 'matched') then 'user' else 'unknown' end) as role,
        known_on
    from settled

)

select * from final
order by contact_id
