{#- The grain of a table in one column: never empty, and no two rows agree in it. One look at the table answers both. -#}
{% test primary_key(model, column_name) %}

    select
        {{ column_name }},
        count(*) as row_count
    from {{ model }}
    group by {{ column_name }}
    having count(*) > 1 or {{ column_name }} is null

{% endtest %}
