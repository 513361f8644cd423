with

contacts as (

    select * from {{ ref('int_link_contacts') }}

),

checked as (

    select * from {{ ref('int_contact_npis_checked') }}
    where cause is null

),

first_look as (

    select * from {{ ref('int_link_first_look') }}

),

expected as (

    select
        form,
        share as unknown
    from {{ ref('int_link_expectations') }}
    where field = 'identity' and level = 'unknown'

),

-- How sure the first look is that it is nobody among the candidates; who has none could be a name that nothing reads.
found as (

    select
        contact_id,
        sum(cast(link_probability as decimal(18, 9))) as certainty
    from first_look
    group by contact_id

),

unsure as (

    select
        contacts.contact_id,
        contacts.identity_form as form,
        greatest(least(1 - cast(coalesce(found.certainty, 0) as double), 0.999999), 0.000001) as doubt
    from contacts
    left join found
        on contacts.contact_id = found.contact_id
    anti join checked
        on contacts.contact_id = checked.contact_id
    -- Of buyers and offices something else is expected than of the others.
    where
        contacts.has_specialty
        or contacts.npi_given is not null
        or contacts.role = 'user'
        or contacts.role is null and not contacts.has_office_title

),

-- The same without what was expected: how much likelier the contact is if the register does not hold it.
odds as (

    select
        unsure.form,
        unsure.doubt / (1 - unsure.doubt) * (1 - expected.unknown) / expected.unknown as odds
    from unsure
    inner join expected
        on unsure.form = expected.form

),

-- Shares between one in four hundred and all but that, closer together at both ends.
steps as (

    select {{ one_row_each(numbers_from_to(0, 60)) }} as step

),

shares as (

    select
        step,
        1 / (1 + exp(6 - 0.2 * step)) as share
    from steps

),

told as (

    select
        odds.form,
        shares.step,
        count(*) as contacts,
        sum(cast(ln(1 + shares.share * (odds.odds - 1)) as decimal(18, 9))) as evidence
    from shares
    cross join odds
    group by odds.form, shares.step

),

-- The expectation weighs as much as thirty contacts.
weighed as (

    select
        expected.form,
        shares.share,
        coalesce(told.contacts, 0) as contacts,
        30 * (expected.unknown * ln(shares.share) + (1 - expected.unknown) * ln(1 - shares.share))
        + coalesce(cast(told.evidence as double), 0) as evidence
    from shares
    cross join expected
    left join told
        on shares.step = told.step and expected.form = told.form

),

likelihoods as (

    select
        form,
        share,
        contacts,
        exp(evidence - max(evidence) over form_shares) as likelihood
    from weighed
    window form_shares as (partition by form order by share asc rows between unbounded preceding and unbounded following)

),

counted as (

    select
        form,
        max(contacts) as contacts,
        cast(sum(cast(share * likelihood as decimal(18, 12))) as double)
        / cast(sum(cast(likelihood as decimal(18, 12))) as double) as unknown
    from likelihoods
    group by form

),

final as (

    select
        form,
        'unknown' as level,
        round(contacts * unknown, 3) as times_seen,
        round(unknown, 6) as share
    from counted

    union all

    select
        form,
        'registered' as level,
        round(contacts * (1 - unknown), 3) as times_seen,
        round(1 - unknown, 6) as share
    from counted

)

select * from final
order by form, level
