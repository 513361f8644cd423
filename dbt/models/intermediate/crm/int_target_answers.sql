with

answers as (

    select * from {{ ref('stg_company__target_feedback') }}
    where decided_on <= {{ as_of() }}

),

territories as (

    select * from {{ ref('int_provider_territories') }}

),

seats as (

    select * from {{ ref('int_rep_seats') }}

),

associations as (

    select * from {{ ref('int_rep_associations') }}
    where is_active

),

settings as (

    select * from {{ ref('stg_company__settings') }}

),

news as (

    select * from {{ ref('int_target_news') }}

),

served as (

    select
        rep_id,
        territory_id,
        is_overlay,
        valid_from,
        valid_to
    from seats

    union all

    select
        rep_id,
        territory_id,
        is_overlay,
        {{ since_ever() }} as valid_from,
        {{ for_ever() }} as valid_to
    from associations

),

-- Whom the CRM seats in primary territories speaks for these alone; who has no seat, as a manager, speaks for all.
seated as (

    select
        answers.file_path,
        answers.file_row,
        bool_or(territories.territory_id = served.territory_id or served.is_overlay) as is_theirs
    from answers
    inner join territories
        on answers.npi = territories.npi
    inner join served
        on answers.rep_id = served.rep_id and answers.decided_on between served.valid_from and served.valid_to
    group by answers.file_path, answers.file_row

),

counted as (

    select
        answers.*,
        answers.decided_on + cast(settings.feedback_holds_days as integer) as holds_until
    from answers
    cross join settings
    left join seated
        on answers.file_path = seated.file_path and answers.file_row = seated.file_row
    where coalesce(seated.is_theirs, true)

),

-- A manager's approval stands above what reps say for as long as it holds; else the last answer stands.
ranked as (

    select
        *,
        row_number() over (
            partition by npi
            order by
                (decision = 'approve' and holds_until > {{ as_of() }}) desc, decided_on desc, decision = 'approve' desc,
                file_path desc, file_row desc
        ) as preference
    from counted

),

-- What is new about the provider since the answer opens the question again.
reopened as (

    select
        ranked.npi,
        {{ value_at_largest('news.what', '(news.happened_on, news.what)') }} as reopened_because
    from ranked
    inner join news
        on ranked.npi = news.npi and ranked.decided_on < news.happened_on
    where ranked.preference = 1 and ranked.decision in ('dismiss', 'challenge')
    group by ranked.npi

),

final as (

    select
        ranked.npi,
        case ranked.decision
            when 'dismiss' then 'dismissed'
            when 'challenge' then 'challenged'
            else 'accepted'
        end as feedback,
        ranked.decision = 'approve' as is_approval,
        ranked.holds_until > {{ as_of() }} and reopened.npi is null as is_in_force,
        ranked.rep_id,
        ranked.reason,
        ranked.decided_by,
        ranked.decided_on,
        ranked.holds_until,
        reopened.reopened_because
    from ranked
    left join reopened
        on ranked.npi = reopened.npi
    where ranked.preference = 1

)

select * from final
order by npi
