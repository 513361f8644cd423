with

source as (

    select * from {{ source('company', 'pipeline_stages') }}

),

renamed as (

    select
        stage,
        crm_stage_name,
        exit_criterion,
        stage_order,
        expected_days,
        stated_probability,
        coalesce(is_closed, false) as is_closed,
        coalesce(is_won, false) as is_won
    from source

)

select * from renamed
