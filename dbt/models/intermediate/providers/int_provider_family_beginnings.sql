with

coverage as (

    select * from {{ ref('int_provider_family_coverage') }}

),

years as (

    select
        npi,
        procedure_family,
        min(data_year) as first_year
    from {{ ref('int_provider_family_years') }}
    group by npi, procedure_family

),

windows as (

    select * from {{ ref('int_volume_windows') }}

),

codes as (

    select * from {{ ref('int_family_codes') }}

),

kinds as (

    select
        procedure_family,
        case
            when count_if(code_system in ('GENERIC-NAME', 'NDC')) > 0 and count_if(code_system = 'HCPCS') = 0 then 'prescribing'
            else 'billing'
        end as authority
    from codes
    group by procedure_family

),

-- A supplier of claim lines tells who is new only if it had been delivering for half a year before the trailing twelve months.
-- Lines are read here and below, each time a part of them: named once for both, DuckDB would hold them all.
long_delivered as (

    select distinct lines.source_hash
    from {{ ref('int_claim_lines_dated') }} as lines
    inner join windows
        on lines.service_month <= cast(windows.window_start_month - interval 6 month as date)
    where lines.superseded_on = {{ for_ever() }} and lines.is_professional and not lines.is_assistant

),

-- Before the trailing year nobody of whom claim lines tell is new.
young as (

    select
        coverage.npi,
        coverage.procedure_family,
        coverage.first_claim_month
    from coverage
    cross join windows
    where coverage.first_claim_month >= windows.window_start_month

),

begun_in_claims as (

    select distinct
        young.npi,
        young.procedure_family
    from young
    inner join {{ ref('int_claim_lines_dated') }} as lines
        on young.npi = lines.rendering_npi and young.first_claim_month = lines.service_month
    inner join codes
        on
            young.procedure_family = codes.procedure_family
            and codes.code_system = 'HCPCS'
            and lines.hcpcs_code = codes.code
    inner join long_delivered
        on lines.source_hash = long_delivered.source_hash
    where lines.superseded_on = {{ for_ever() }} and lines.is_professional and not lines.is_assistant

),

begun_in_public_files as (

    select * from {{ ref('int_published_newcomers') }}

),

-- New are first claim lines of the trailing year, and who enters the public files with its last year; nobody whom any source knows longer.
final as (

    select
        coalesce(coverage.npi, years.npi) as npi,
        coalesce(coverage.procedure_family, years.procedure_family) as procedure_family,
        kinds.authority,
        case
            when coalesce(year(coverage.first_claim_month) <= years.first_year, years.npi is null) then coverage.first_claim_month
            else make_date(years.first_year, 1, 1)
        end as first_billed_on,
        case
            when coverage.first_claim_month is not null
                then
                    begun_in_claims.npi is not null
                    and coalesce(years.first_year >= year(windows.window_start_month), true)
            else begun_in_public_files.npi is not null
        end as is_new_to_family
    from coverage
    full outer join years
        on coverage.npi = years.npi and coverage.procedure_family = years.procedure_family
    cross join windows
    left join kinds
        on coalesce(coverage.procedure_family, years.procedure_family) = kinds.procedure_family
    left join begun_in_claims
        on coverage.npi = begun_in_claims.npi and coverage.procedure_family = begun_in_claims.procedure_family
    left join begun_in_public_files
        on years.npi = begun_in_public_files.npi and years.procedure_family = begun_in_public_files.procedure_family

)

select * from final
