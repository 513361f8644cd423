with

holders as (

    select * from {{ ref('int_account_holders') }}

),

facilities as (

    select
        facility_id,
        upper(state) as state
    from {{ ref('int_facilities_registered') }}

),

held as (

    select
        register,
        facility_id,
        count(*) as records
    from holders
    group by register, facility_id

),

covered as (

    select distinct
        held.register,
        facilities.state
    from held
    inner join facilities
        on held.facility_id = facilities.facility_id

),

registered as (

    select
        covered.register,
        count(*) as facilities
    from covered
    inner join facilities
        on covered.state = facilities.state
    group by covered.register

),

-- An expectation worth twenty cases (one in two, one in ten), then what the CRM shows.
final as (

    select
        held.register,
        round(
            (10 + cast(count(*) as double)) / (20 + greatest(max(registered.facilities), count(*))), 6
        ) as share_held,
        round(
            (2 + cast(sum(case when held.records > 1 then held.records else 0 end) as double)) / (20 + sum(held.records)), 6
        ) as share_repeated
    from held
    inner join registered
        on held.register = registered.register
    group by held.register

)

select * from final
order by register
