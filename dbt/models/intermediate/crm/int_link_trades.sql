{#- The meaning that the beginnings of words suggest weighs as much as so many contacts. -#}
{%- set expected_contacts = 20 -%}
with

candidates as (

    select
        contact_id,
        npi,
        specialty,
        specialty_chance,
        trade_written,
        trade_registered,
        trade_chance
    from {{ ref('int_link_candidates') }}
    where trade_written is not null and trade_registered is not null

),

lessons as (

    select * from {{ ref('int_link_lessons') }}

),

levels as (

    select * from {{ ref('int_link_levels') }}
    where field = 'specialty'

),

-- Only who is as good as known teaches what a word means.
taught as (

    select
        candidates.contact_id,
        candidates.npi,
        candidates.trade_written,
        candidates.trade_registered
    from candidates
    inner join lessons
        on candidates.contact_id = lessons.contact_id and candidates.npi = lessons.npi
    where lessons.certainty >= 0.9

),

words as (

    select
        trade_written,
        count(*) as contacts
    from taught
    group by trade_written

),

meanings as (

    select
        trade_written,
        trade_registered,
        count(*) as contacts
    from taught
    group by trade_written, trade_registered

),

about_provider as (

    select
        trade_written,
        npi,
        count(*) as contacts
    from taught
    group by trade_written, npi

),

-- Nobody teaches about himself: neither the contact's own lesson counts nor another record of the provider.
counted as (

    select
        candidates.contact_id,
        candidates.npi,
        candidates.trade_chance,
        coalesce(levels.share / candidates.specialty_chance, 1) as ratio_expected,
        coalesce(words.contacts, 0)
        - coalesce(about_provider.contacts, 0)
        - case when own.npi <> candidates.npi then 1 else 0 end as contacts,
        coalesce(meanings.contacts, 0)
        - coalesce(about_provider.contacts, 0)
        - case when own.npi <> candidates.npi and own.trade_registered = candidates.trade_registered then 1 else 0 end as contacts_so
    from candidates
    left join levels
        on candidates.specialty = levels.level
    left join words
        on candidates.trade_written = words.trade_written
    left join meanings
        on candidates.trade_written = meanings.trade_written and candidates.trade_registered = meanings.trade_registered
    left join about_provider
        on candidates.trade_written = about_provider.trade_written and candidates.npi = about_provider.npi
    left join taught as own
        on candidates.contact_id = own.contact_id

),

-- How much oftener people of the registered trade are called so than strangers are, over what the beginnings of words suggest.
final as (

    select
        contact_id,
        npi,
        contacts,
        contacts_so,
        round(
            (contacts_so / trade_chance + {{ expected_contacts }} * ratio_expected)
            / (contacts + {{ expected_contacts }})
            / ratio_expected, 6
        ) as ratio
    from counted

)

select * from final
where contacts > 0
order by contact_id, npi
