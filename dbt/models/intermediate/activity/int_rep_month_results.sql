with

calls as (

    select * from {{ ref('int_rep_month_calls') }}

),

deals as (

    select * from {{ ref('int_rep_month_deals') }}

),

orders as (

    select * from {{ ref('int_rep_month_orders') }}

),

first_calls as (

    select
        rep_id,
        territory_id,
        {{ month_start('first_called_on') }} as month,
        count(*) as first_called_providers,
        count(*) filter (where is_trial_window_over) as first_called_judged,
        count(*) filter (where is_trial_window_over and has_trial_60d) as first_called_tried
    from {{ ref('int_first_calls') }}
    group by rep_id, territory_id, {{ month_start('first_called_on') }}

),

-- Who owns nothing known is '', so that groups join.
keys as (

    {% for part in ['calls', 'deals', 'orders', 'first_calls'] -%}
        select
            coalesce(rep_id, '') as rep_key,
            coalesce(territory_id, '') as territory_key,
            month
        from {{ part }}
        {% if not loop.last %}union{% endif %}
    {% endfor %}

),

final as (

    select
        nullif(keys.rep_key, '') as rep_id,
        nullif(keys.territory_key, '') as territory_id,
        keys.month,
        {% for part, counts in activity_counts().items() -%}
            {% for count in counts -%}
                coalesce({{ part }}.{{ count }}, 0) as {{ count }},
            {% endfor -%}
        {% endfor -%}
        coalesce(deals.won_usd, 0) as won_usd,
        coalesce(orders.orders_usd, 0) as orders_usd
    from keys
    {% for part in ['calls', 'deals', 'orders', 'first_calls'] -%}
        left join {{ part }}
            on
                keys.rep_key = coalesce({{ part }}.rep_id, '')
                and keys.territory_key = coalesce({{ part }}.territory_id, '')
                and keys.month = {{ part }}.month
    {% endfor %}

)

select * from final
order by rep_id, territory_id, month
