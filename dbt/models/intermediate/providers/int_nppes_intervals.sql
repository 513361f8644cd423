{%- set names = [
    'entity_type_code', 'organization_name', 'last_name', 'first_name', 'credential', 'other_last_name', 'taxonomy_code',
    'city', 'state', 'zip5'
] -%}
with

copies as (

    select
        *,
        deactivated_on as inactive_from,
        case
            when deactivated_on is null then null
            when reactivated_on >= deactivated_on then reactivated_on
            else {{ for_ever() }}
        end as inactive_until
    from (
        {{ copies_known(ref('stg_registry__nppes')) }}
    ) as known
    where npi is not null

),

-- Who stands in one copy alone is told of in one way.
told_again as (

    select npi
    from copies
    group by npi
    having count(*) > 1

),

-- The newest copy speaks; what a deactivated record has lost is taken from the copy before it.
newest as (

    select
        copies.npi,
        copies.known_on,
        {% for name in names -%}
            {{ last_told('copies.' ~ name) }} over so_far as {{ name }},
        {% endfor -%}
        min(copies.enumerated_on) over so_far as enumerated_on,
        copies.inactive_from,
        copies.inactive_until,
        lead(copies.known_on) over so_far as next_known_on
    from copies
    semi join told_again
        on copies.npi = told_again.npi
    window
        so_far as (
            partition by copies.npi
            order by
                copies.known_on asc, copies.released_on asc nulls last, copies.updated_on asc nulls first, copies.file_path asc,
                copies.file_row asc
        )

),

told as (

    select {{ star_without('next_known_on') }}
    from newest
    where next_known_on is distinct from known_on

),

final as (

    {{ intervals_of('told', names + ['enumerated_on', 'inactive_from', 'inactive_until']) }}

    union all

    {{ told_once('copies', 'told_again', names + ['enumerated_on', 'inactive_from', 'inactive_until']) }}

)

select * from final
