{#- Miles on the sphere between two points given in degrees (haversine). -#}
{% macro great_circle_miles(latitude_a, longitude_a, latitude_b, longitude_b) -%}
    2 * 3958.8 * asin(least(1.0, sqrt(
        pow(sin(radians({{ latitude_b }} - {{ latitude_a }}) / 2), 2)
        + cos(radians({{ latitude_a }})) * cos(radians({{ latitude_b }}))
        * pow(sin(radians({{ longitude_b }} - {{ longitude_a }}) / 2), 2)
    )))
{%- endmacro %}

{#- Hours on the road for miles on the sphere: roads are longer by 1.3 (1.2 between cities by Ballou 2002, 1.4 within counties by
    Boscoe 2012), driven at 40 miles an hour with stops and parking. An estimate; no router is asked. -#}
{% macro road_hours(miles) -%}
    {{ miles }} * 1.3 / 40
{%- endmacro %}
