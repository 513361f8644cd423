with

listed as (

    select * from {{ ref('stg_company__procedure_families') }}

),

-- By what the patients of a family are found: the codes of its procedures and drugs, or those of its diagnoses.
codes as (

    select distinct
        procedure_family as family,
        case code_system when 'ICD-10-CM' then 'diagnosis' else 'procedure' end as family_kind,
        case code_system when 'GENERIC-NAME' then {{ normal_name('code') }} else code end as code
    from listed
    where code_system in ('HCPCS', 'GENERIC-NAME', 'ICD-10-CM')

),

focus as (

    select
        procedure_family as family,
        bool_or(is_focus) as is_focus
    from listed
    group by procedure_family

),

-- The order in which families that share codes come: those of the company's focus, then the narrower one.
placed as (

    select
        codes.family_kind,
        codes.family,
        count(*) as codes,
        row_number() over (
            partition by codes.family_kind
            order by
                bool_or(coalesce(focus.is_focus, false)) desc, min(length(codes.code)) desc, count(*) asc, codes.family asc
        ) as place
    from codes
    inner join focus
        on codes.family = focus.family
    group by codes.family_kind, codes.family

),

-- A diagnosis code is itself and all that begin with it.
overlapping as (

    select
        codes.family_kind,
        codes.family,
        others.family as other_family,
        count(*) filter (where codes.code = others.code) as codes_in_common
    from codes
    inner join codes as others
        on
            codes.family_kind = others.family_kind
            and codes.family <> others.family
            and (
                codes.code = others.code
                or (
                    codes.family_kind = 'diagnosis'
                    and ({{ begins_with('codes.code', 'others.code') }} or {{ begins_with('others.code', 'codes.code') }})
                )
            )
    group by codes.family_kind, codes.family, others.family

),

-- Two names of the very same codes have the very same patients, which tells nothing.
giving_away as (

    select distinct
        overlapping.family_kind,
        overlapping.family
    from overlapping
    inner join placed
        on overlapping.family_kind = placed.family_kind and overlapping.family = placed.family
    inner join placed as others
        on overlapping.family_kind = others.family_kind and overlapping.other_family = others.family
    where
        others.place < placed.place
        and not (overlapping.codes_in_common = placed.codes and overlapping.codes_in_common = others.codes)

),

final as (

    select
        placed.family_kind,
        placed.family
    from placed
    left join giving_away
        on placed.family_kind = giving_away.family_kind and placed.family = giving_away.family
    where giving_away.family is null

)

select * from final
order by family_kind, family
