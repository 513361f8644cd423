with

answers as (

    select * from {{ ref('stg_company__target_feedback') }}
    where decided_on <= {{ as_of() }}

),

-- The last answer to a listed provider stands; on one day a manager's approval stands above what a rep says.
ranked as (

    select
        npi,
        case decision
            when 'dismiss' then 'dismissed'
            when 'challenge' then 'challenged'
            else 'accepted'
        end as feedback,
        rep_id,
        reason,
        decided_by,
        decided_on,
        row_number() over (
            partition by npi
            order by decided_on desc, decision = 'approve' desc, file_path desc, file_row desc
        ) as preference
    from answers

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

)

select * from final
order by npi
