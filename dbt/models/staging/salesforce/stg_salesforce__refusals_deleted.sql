with

contacts as (

    select
        *,
        donotcall as has_refused
    from {{ source('salesforce', 'contact') }}

),

persons as (

    select
        *,
        persondonotcall as has_refused
    from {{ source('salesforce', 'account') }}

),

newest as (
    {%- for records in ['contacts', 'persons'] %}

        select
            id as contact_id,
            nullif(trim(npi__c), '') as npi,
            createddate as created_at
        from (
            {{ newest_copies(
                records,
                key='id',
                given='id is not null',
                first=['cast(lastmodifieddate as date) <= ' ~ as_of(), 'lastmodifieddate'],
            ) }}
        ) as {{ records }}_of_today
        where isdeleted and has_refused
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

)

select * from newest
