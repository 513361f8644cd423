with

decisions as (

    select * from {{ ref('stg_company__link_decisions') }}
    where decided_on is null or decided_on <= {{ as_of() }}

),

-- The newest by its day counts, of one day the last in the file; what bears no day is older than what bears one.
numbered as (

    select
        contact_id,
        npi,
        decision,
        decided_on,
        row_number() over (
            partition by contact_id
            order by decided_on asc nulls first, file_path asc, file_row asc
        ) as place
    from decisions

),

compared as (

    select
        *,
        max(place) over (partition by contact_id, npi) as newest_of_pair,
        max(case when decision = 'link' or npi is null then place end) over (partition by contact_id) as newest_identity
    from numbered

),

-- A contact is one provider or none: of several links, and of links and a `no_link` without NPI, only the newest stands.
final as (

    select
        contact_id,
        npi,
        decision,
        decided_on
    from compared
    where
        place = newest_of_pair
        and (place = newest_identity or decision = 'no_link' and npi is not null)

)

select * from final
order by contact_id, npi
