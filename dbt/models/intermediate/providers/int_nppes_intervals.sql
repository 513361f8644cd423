{%- set names = [
    'entity_type_code', 'organization_name', 'last_name', 'first_name', 'credential', 'other_last_name', 'taxonomy_code',
    'city', 'state', 'zip5'
] -%}
with

copies as (

    {{ copies_known(ref('stg_registry__nppes')) }}

),

-- The newest copy speaks; what a deactivated record has lost is taken from the copy before it.
newest as (

    select
        npi,
        known_on,
        {% for name in names -%}
            {{ last_told(name) }} over so_far as {{ name }},
        {% endfor -%}
        min(enumerated_on) over so_far as enumerated_on,
        deactivated_on,
        reactivated_on,
        lead(known_on) over so_far as next_known_on
    from copies
    window
        so_far as (
            partition by npi
            order by known_on asc, released_on asc nulls last, updated_on asc nulls first, file_path asc, file_row asc
        )

),

told as (

    select
        {{ star_without('deactivated_on', 'reactivated_on', 'next_known_on') }},
        deactivated_on as inactive_from,
        case
            when deactivated_on is null then null
            when reactivated_on >= deactivated_on then reactivated_on
            else {{ for_ever() }}
        end as inactive_until
    from newest
    where npi is not null and next_known_on is distinct from known_on

),

final as (

    {{ intervals_of('told', names + ['enumerated_on', 'inactive_from', 'inactive_until']) }}

)

select * from final
