{#- What a month of activity is counted in, by where it comes from. Whatever adds up over reps, territories and teams stands here
    once. -#}
{% macro activity_counts() -%}
    {{ return({
        'calls': [
            'calls', 'planned_calls', 'planned_kept_calls',
            'calls_in_time', 'calls_short_notice', 'calls_same_day', 'calls_recorded_later',
            'user_calls', 'buyer_calls', 'administrator_calls', 'unknown_role_calls',
            'plain_calls', 'remote_calls', 'meetings', 'demos', 'case_attendances', 'trials',
            'call_minutes', 'calls_with_minutes',
        ],
        'first_calls': ['first_called_providers', 'first_called_judged', 'first_called_tried'],
        'deals': ['deals_closed', 'deals_won', 'deals_with_skips', 'stages_entered', 'skipped_stages'],
        'orders': ['orders', 'new_customers', 'focus_quantity'],
    }) }}
{%- endmacro %}

{#- The same over a group: each count and the two sums of money; nothing is 0, not empty. `of` names the relation. -#}
{% macro summed_activity(of) -%}
    {% for counts in activity_counts().values() -%}
        {% for count in counts -%}
        coalesce(sum({{ of }}.{{ count }}), 0) as {{ count }},
        {% endfor -%}
    {% endfor -%}
    coalesce(sum({{ of }}.won_usd), 0) as won_usd,
    coalesce(sum({{ of }}.orders_usd), 0) as orders_usd
{%- endmacro %}

{#- The columns that every mart of a month publishes from those sums. `of` names the relation; it also holds `providers_called`. -#}
{% macro published_activity(of) -%}
    {% for count in [
        'calls', 'providers_called', 'planned_calls', 'kept_calls', 'calls_in_time', 'calls_short_notice', 'calls_same_day',
        'calls_recorded_later', 'user_calls', 'buyer_calls', 'administrator_calls', 'unknown_role_calls', 'plain_calls',
        'remote_calls', 'meetings', 'demos', 'case_attendances', 'trials', 'call_minutes', 'first_called_providers',
        'deals_closed', 'deals_won', 'deals_with_skips', 'skipped_stages', 'orders', 'new_customers',
    ] -%}
    cast({{ of }}.{{ 'calls' if count == 'kept_calls' else count }} as bigint) as {{ count }},
    {% endfor -%}
    {% for share, part, whole in [
        ('plan_adherence', 'planned_kept_calls', 'planned_calls'),
        ('users_share', 'user_calls', 'calls'),
        ('buyers_share', 'buyer_calls', 'calls'),
        ('administrators_share', 'administrator_calls', 'calls'),
        ('minutes_known_share', 'calls_with_minutes', 'calls'),
        ('trial_conversion_60d', 'first_called_tried', 'first_called_judged'),
        ('step_conformance', 'stages_entered', '(' ~ of ~ '.stages_entered + ' ~ of ~ '.skipped_stages)'),
    ] -%}
    cast({{ of }}.{{ part }} as double)
        / nullif(cast({{ whole if '(' in whole else of ~ '.' ~ whole }} as double), 0) as {{ share }},
    {% endfor -%}
    cast({{ of }}.calls - {{ of }}.planned_kept_calls as double) / nullif(cast({{ of }}.calls as double), 0)
        as unplanned_share,
    cast({{ of }}.won_usd as double) as won_usd,
    cast({{ of }}.orders_usd as double) as orders_usd
{%- endmacro %}

{#- The night's verdict on the year that ends with the last month that is over; it stands in that month's row and the running one's.
    Earlier months are not judged again, so a night's flags are one family of tests. -#}
{% macro verdict_of_the_night(verdicts, month) -%}
    {% for column in ['observed_usd', 'expected_usd', 'lower_usd', 'upper_usd', 'p_value', 'q_value'] -%}
    case when {{ month }} >= {{ verdicts }}.month then {{ verdicts }}.{{ column }} end
            as {{ column if column.endswith('_value') else 'year_' ~ column }},
    {% endfor -%}
    case when {{ month }} >= {{ verdicts }}.month then {{ verdicts }}.is_underperforming end as is_underperforming,
    case
        when {{ verdicts }}.month is null then 'Not judged; nobody to judge here in this month.'
        when {{ month }} >= {{ verdicts }}.month then {{ verdicts }}.why
        else 'Not judged again; the verdict of tonight is on the year that ends with the month of ' || cast({{ verdicts }}.month as string) || '.'
    end as why
{%- endmacro %}
