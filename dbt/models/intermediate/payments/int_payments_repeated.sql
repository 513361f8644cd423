-- Found once for all that read payments: it costs as much as reading them.
with

published as (

    {%- for kind in ['general', 'research', 'ownership'] %}

        select
            '{{ kind }}' as payment_kind,
            record_hash
        from {{ ref('stg_open_payments__' ~ kind) }}
        group by record_hash
        having count(*) > 1 or bool_or(coalesce(change_type = 'DELETED', false))
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

)

select * from published
