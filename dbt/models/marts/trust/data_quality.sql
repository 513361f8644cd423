with

border_checks as (

    select * from {{ ref('stg_border__checks') }}

),

payment_checks as (

    select * from {{ ref('int_payment_checks') }}

),

volume_checks as (

    select * from {{ ref('int_volume_checks') }}

),

territory_checks as (

    select * from {{ ref('int_territory_checks') }}

),

provider_checks as (

    select * from {{ ref('int_provider_checks') }}

),

link_checks as (

    select * from {{ ref('int_link_checks') }}

),

restriction_checks as (

    select * from {{ ref('int_restriction_checks') }}

),

counts as (

    select * from payment_checks
    union all
    select * from provider_checks
    union all
    select * from link_checks
    union all
    select * from volume_checks
    union all
    select * from territory_checks
    union all
    select * from restriction_checks

),

-- What is counted here is handled by a stated rule: it is worth a look, it breaks nothing.
final as (

    select
        source_name as source,
        check_name,
        status,
        observed,
        expected,
        rows_checked
    from border_checks

    union all

    select
        source,
        check_name,
        case when found = 0 then 'pass' else 'warn' end as status,
        cast(found as string) as observed,
        expected,
        rows_checked
    from counts

)

select * from final
order by source, check_name, observed
