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
        ) as newness
    from snapshots

),

-- The newest copy speaks; what a deactivated record has lost is taken from the copy before it.
newest as (

    select
        npi,
        arg_max(entity_type_code, newness) as entity_type_code,
        arg_max(organization_name, newness) as organization_name,
        arg_max(last_name, newness) as last_name,
        arg_max(first_name, newness) as first_name,
        arg_max(credential, newness) as credential,
        arg_max(other_last_name, newness) as other_last_name,
        arg_max(taxonomy_code, newness) as taxonomy_code,
        arg_max(city, newness) as city,
        arg_max(state, newness) as state,
        arg_max(zip5, newness) as zip5,
        min(enumerated_on) as enumerated_on,
        arg_max_null(deactivated_on, newness) as deactivated_on,
        arg_max_null(reactivated_on, newness) as reactivated_on
    from ranked
    group by npi

),

final as (

    select
        * exclude (deactivated_on, reactivated_on),
        case
            when
                deactivated_on <= {{ as_of() }}
                and (reactivated_on is null or reactivated_on < deactivated_on or reactivated_on > {{ as_of() }})
                then deactivated_on
        end as inactive_since_on
    from newest

)

select * from final
