with

copies as (

    select * from {{ ref('stg_registry__nppes') }}

),

first_copy as (

    select min(released_on) as released_on
    from copies

),

-- Copies known by now; where all are younger, the oldest of them still tells best who is who.
snapshots as (

    select copies.*
    from copies
    cross join first_copy
    where copies.released_on is null or copies.released_on <= greatest({{ as_of() }}, first_copy.released_on)

),

ranked as (

    select
        *,
        row_number() over (
            partition by npi
            order by released_on nulls last, updated_on nulls first, file_path, file_row
        ) as newness,
        count(*) over (partition by npi) as copy_count
    from snapshots

),

-- The newest copy speaks; what a deactivated record has lost is taken from the copy before it.
newest as (

    select
        npi,
        {{ value_at_largest('entity_type_code', 'newness') }} as entity_type_code,
        {{ value_at_largest('organization_name', 'newness') }} as organization_name,
        {{ value_at_largest('last_name', 'newness') }} as last_name,
        {{ value_at_largest('first_name', 'newness') }} as first_name,
        {{ value_at_largest('credential', 'newness') }} as credential,
        {{ value_at_largest('other_last_name', 'newness') }} as other_last_name,
        {{ value_at_largest('taxonomy_code', 'newness') }} as taxonomy_code,
        {{ value_at_largest('city', 'newness') }} as city,
        {{ value_at_largest('state', 'newness') }} as state,
        {{ value_at_largest('zip5', 'newness') }} as zip5,
        min(enumerated_on) as enumerated_on,
        max(deactivated_on) filter (where newness = copy_count) as deactivated_on,
        max(reactivated_on) filter (where newness = copy_count) as reactivated_on
    from ranked
    group by npi

),

final as (

    select
        {{ star_without('deactivated_on', 'reactivated_on') }},
        case
            when
                deactivated_on <= {{ as_of() }}
                and (reactivated_on is null or reactivated_on < deactivated_on or reactivated_on > {{ as_of() }})
                then deactivated_on
        end as inactive_since_on
    from newest

)

select * from final
