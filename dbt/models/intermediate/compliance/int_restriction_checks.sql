with

named as (

    select
        named_facility_id,
        restriction_list,
        count(npi) as providers
    from {{ ref('int_restrictions_by_facility') }}
    group by named_facility_id, restriction_list

),

final as (

    select
        'company' as source,
        'restrictions_that_reach_nobody' as check_name,
        cast(count_if(providers = 0) as bigint) as found,
        'each closed facility is one where somebody is known to work, else it keeps nobody off the list' as expected,
        count(*) as rows_checked
    from named
    having count(*) > 0

)

select * from final
