with

lines as (

    select * from {{ ref('int_claim_lines_dated') }}

),

codes as (

    select * from {{ ref('int_family_codes') }}
    where code_system = 'HCPCS'

),

providers as (

    select npi from {{ ref('int_providers_in_registers') }}

),

-- What each provider performed: professional lines by rendering NPI, assistants apart.
final as (

    select
        lines.rendering_npi as npi,
        codes.procedure_family,
        lines.service_month,
        lines.first_known_on,
        lines.known_on,
        lines.superseded_on,
        cast(sum(lines.quantity) as decimal(18, 3)) as services
    from lines
    inner join codes
        on lines.hcpcs_code = codes.code
    inner join providers
        on lines.rendering_npi = providers.npi
    where lines.is_professional and not lines.is_assistant
    group by
        lines.rendering_npi, codes.procedure_family, lines.service_month,
        lines.first_known_on, lines.known_on, lines.superseded_on

)

select * from final
