{#- The primary territory in which each ZIP lay on a day: `asked` holds zip5 and the day, once each; a day before the ZIP's
    alignment was kept counts for the territory with which it began, which no later change of hands can alter.
    For `where preference = 1`. -#}
{% macro zips_placed(asked, day) -%}
    select
        {{ asked }}.*,
        alignment.territory_id,
        row_number() over (
            partition by {{ asked }}.zip5, {{ asked }}.{{ day }}
            order by alignment.valid_from desc nulls last, alignment.territory_id asc nulls last
        ) as preference
    from {{ asked }}
    left join (
        select
            zip5,
            territory_id,
            valid_from,
            case
                when valid_from > min(coalesce(valid_from, {{ since_ever() }})) over (partition by zip5) then valid_from
                else {{ since_ever() }}
            end as starts_on,
            coalesce(valid_to, {{ for_ever() }}) as ends_on
        from {{ ref('int_zip_territories_begun') }}
    ) as alignment
        on
            {{ asked }}.zip5 = alignment.zip5
            and {{ asked }}.{{ day }} >= alignment.starts_on
            and {{ asked }}.{{ day }} <= alignment.ends_on
{%- endmacro %}
