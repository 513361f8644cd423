{#- Who is paid, as Open Payments names a person: `prefix` stands before NPI, profile and names, `place` before the address. -#}
{% macro paid_person(prefix, specialty='specialty', place='') -%}
    {{ struct_of({
        'npi': prefix ~ '_npi',
        'profile_id': prefix ~ '_profile_id',
        'first_name': prefix ~ '_first_name',
        'last_name': prefix ~ '_last_name',
        'specialty': prefix ~ '_' ~ specialty,
        'city': (place or prefix) ~ '_city',
        'state': (place or prefix) ~ '_state',
        'zip5': (place or prefix) ~ '_zip_code',
    }) }}
{%- endmacro %}
