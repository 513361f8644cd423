with

candidates as (

    select * from {{ ref('int_account_candidates') }}
    where rivals = 1

),

checked as (

    select * from {{ ref('int_account_numbers_checked') }}
    where is_registered and cause is null and number_type = 'ccn'

),

-- How often the only facility that agrees so is expected to be the right one.
expected (agreement, share) as (

    values
    ('ccn_but_for_a_slip', 0.99),
    ('name_and_zip', 0.99),
    ('name_and_city', 0.98),
    ('name_and_city_not_zip', 0.95),
    ('like_name_and_zip', 0.95),
    ('name_and_state', 0.85),
    ('like_name_and_city', 0.8),
    ('vague_name_and_zip', 0.6)

),

-- Accounts whose CCN is believed tell how often a name would have found the same facility.
seen as (

    select
        candidates.agreement,
        count(*) as times_seen,
        count_if(candidates.facility_id = checked.facility_id) as times_right
    from candidates
    inner join checked
        on candidates.account_id = checked.account_id
    group by candidates.agreement

),

final as (

    select
        expected.agreement,
        coalesce(seen.times_seen, 0) as times_seen,
        round(
            (20 * cast(expected.share as double) + coalesce(seen.times_right, 0)) / (20 + coalesce(seen.times_seen, 0)), 6
        ) as link_probability
    from expected
    left join seen
        on expected.agreement = seen.agreement

)

select * from final
order by agreement
