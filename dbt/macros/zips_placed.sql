{#- The primary territory in which each ZIP lay on a day: `asked` holds zip5 and the day, once each; a day before the ZIP's
    alignment was kept counts for today's territory. For `where preference = 1`. -#}
{% macro zips_placed(asked, day) -%}
    select
        {{ asked }}.*,
        coalesce(alignment.territory_id, today.territory_id) as territory_id,
        row_number() over (
            partition by {{ asked }}.zip5, {{ asked }}.{{ day }}
            order by alignment.valid_from desc nulls last, alignment.territory_id asc nulls last
        ) as preference
    from {{ asked }}
    left join {{ ref('int_zip_territories') }} as alignment
        on
            alignment.kind = 'primary'
            and {{ asked }}.zip5 = alignment.zip5
            and {{ asked }}.{{ day }} >= coalesce(alignment.valid_from, {{ since_ever() }})
            and {{ asked }}.{{ day }} <= coalesce(alignment.valid_to, {{ for_ever() }})
    left join {{ ref('int_zip_primary_territories') }} as today
        on {{ asked }}.zip5 = today.zip5
{%- endmacro %}
