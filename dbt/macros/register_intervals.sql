{#- The rows of a register's copies with the day from which each copy is known. Before the first copy it is this copy that tells
    best who is who; a copy without a day is the newest where dated ones lie beside it, and known on `as_of` alone. Where all dated ones
    are younger than `as_of`, it lies there already and none of them speaks before its time. -#}
{% macro copies_known(relation) -%}
    select
        copies.*,
        case
            when first_copy.released_on is null or copies.released_on = first_copy.released_on then {{ since_ever() }}
            else coalesce(copies.released_on, {{ as_of() }})
        end as known_on
    from {{ relation }} as copies
    cross join (
        select case when count(*) = count(released_on) or min(released_on) <= {{ as_of() }} then min(released_on) end as released_on
        from {{ relation }}
    ) as first_copy
    where copies.released_on is null or copies.released_on <= greatest({{ as_of() }}, first_copy.released_on)
{%- endmacro %}

{#- What is told of each NPI from one day on, one row an NPI and day in `told`, as intervals: who is told of as before begins none.
    An interval holds from `known_on` to the day before `superseded_on`. -#}
{% macro intervals_of(told, columns) -%}
    select
        npi,
        known_on,
        coalesce(lead(known_on) over (partition by npi order by known_on), {{ for_ever() }}) as superseded_on,
        {{ columns | join(',\n        ') }}
    from (
        select
            *,
            {{ struct_of(dict(zip(columns, columns))) }} as said,
            lag({{ struct_of(dict(zip(columns, columns))) }}) over (partition by npi order by known_on) as said_before
        from {{ told }}
    ) as compared
    where said is distinct from said_before
{%- endmacro %}

{#- Whoever `copies` tells of once: what it tells holds for good. Windows over all of a country cost more than finding these. -#}
{% macro told_once(copies, told_again, columns) -%}
    select
        npi,
        known_on,
        {{ for_ever() }} as superseded_on,
        {{ columns | join(',\n        ') }}
    from {{ copies }}
    where npi is not null and npi not in (select {{ told_again }}.npi from {{ told_again }} where {{ told_again }}.npi is not null)
{%- endmacro %}
