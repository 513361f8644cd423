with

contacts as (

    select * from {{ ref('int_crm_contacts_cleaned') }}

),

scores as (

    select * from {{ ref('int_link_scores') }}

),

candidates as (

    select * from {{ ref('int_link_candidates') }}

),

-- The CRM's own NPI is believed when its check digit holds, the provider is known, and the name does not contradict it.
checked as (

    select
        contacts.contact_id,
        contacts.npi_given,
        {{ has_npi_check_digit('contacts.npi_given') }} as has_check_digit,
        candidates.npi is not null as is_registered,
        coalesce(
            candidates.last_name != 'differs' and candidates.first_name != 'differs'
            or candidates.last_name in ('exact', 'former', 'part')
            and (candidates.place in ('zip', 'city') or candidates.place = 'state' and candidates.specialty = 'same')
            or candidates.first_name in ('exact', 'familiar') and candidates.place in ('zip', 'city', 'state')
            and (candidates.place = 'zip' or candidates.facility = 'same' or candidates.specialty = 'same'),
            contacts.last_key is null
        ) as is_same_name
    from contacts
    left join candidates
        on contacts.contact_id = candidates.contact_id and candidates.has_same_npi
    where contacts.npi_given is not null

),

by_npi as (

    select
        contact_id,
        npi_given as npi,
        case
            when not has_check_digit then 'npi_check_digit'
            when not is_registered then 'npi_not_registered'
            when not is_same_name then 'npi_contradicts_name'
        end as cause
    from checked

),

best as (

    select
        *,
        count(*) over (partition by contact_id) as candidate_count
    from scores
    qualify row_number() over (partition by contact_id order by link_probability desc, npi asc) = 1

),

judged as (

    select
        contacts.*,
        best.npi as best_npi,
        best.link_probability as best_probability,
        case
            when by_npi.npi is not null and by_npi.cause is null then 'npi'
            when
                best.first_name != 'differs'
                and best.link_probability >= case best.place when 'differs' then 0.98 else 0.9 end
                then 'matched'
            when best.link_probability >= 0.05 then 'review'
            else 'none'
        end as first_judgement,
        by_npi.npi as given_npi,
        by_npi.cause as npi_cause,
        case
            when contacts.last_key is null then 'no_name'
            when contacts.role in ('buyer', 'administrator') and not contacts.has_specialty then 'no_provider_role'
            when best.npi is null then 'no_candidate'
            when best.candidate_count > 1 and best.link_probability >= 0.05 then 'several_candidates'
            else 'weak_evidence'
        end as name_cause
    from contacts
    left join by_npi
        on contacts.contact_id = by_npi.contact_id
    left join best
        on contacts.contact_id = best.contact_id

),

-- One provider, one person: contacts that share a provider must be able to be duplicates of the surest of them.
compared as (

    select
        *,
        first_value(formal_names) over surest as surest_names,
        first_value(first_key) over surest as surest_first_key
    from judged
    window surest as (
        partition by case first_judgement when 'npi' then given_npi when 'matched' then best_npi else contact_id end
        order by first_judgement = 'npi' desc, best_probability desc, contact_id asc
    )

),

settled as (

    select
        *,
        case
            when
                first_judgement = 'matched'
                and not list_has_any(formal_names, surest_names)
                and not starts_with(first_key, surest_first_key)
                and not starts_with(surest_first_key, first_key)
                and damerau_levenshtein(first_key, surest_first_key) > 1
                then 'review'
            else first_judgement
        end as link_method
    from compared

),

final as (

    select
        contact_id,
        case link_method when 'npi' then given_npi when 'matched' then best_npi end as npi,
        case when link_method = 'review' then best_npi end as candidate_npi,
        link_method,
        case link_method when 'npi' then 0.999 when 'none' then null else best_probability end as link_probability,
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
