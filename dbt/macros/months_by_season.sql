{#- Published years of `years` (procedure_family, data_year, services, first_claim_month and what else `keys` names), spread over their
    months by the family's season, up to the first month of claim lines. -#}
{% macro months_by_season(years, keys) -%}
    select
        {{ years }}.{{ keys | join(', ' ~ years ~ '.') }},
        {{ years }}.procedure_family,
        make_date({{ years }}.data_year, cast(seasons.month_of_year as integer), 1) as month,
        cast(cast({{ years }}.services as double) * seasons.year_share as decimal(18, 6)) as services
    from {{ years }}
    inner join {{ ref('int_family_seasons') }} as seasons
        on {{ years }}.procedure_family = seasons.procedure_family
    where
        {{ years }}.first_claim_month is null
        or make_date({{ years }}.data_year, 1, 1) < {{ years }}.first_claim_month
        and make_date({{ years }}.data_year, cast(seasons.month_of_year as integer), 1) < {{ years }}.first_claim_month
{%- endmacro %}
