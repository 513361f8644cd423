-- The rival of `make bench-marts`: straight SQL from the raw files to the published figures of volume and payments, written for
-- this lake alone. It relies on what it knows of it (one file a year, NPIs of persons only in their places, no brand names), tests
-- nothing, documents nothing, and keeps no floor. Variables: as_of, raw (the folder), from the script that runs it.
create temp macro family_of(hcpcs) as case
    when hcpcs in ('27130', '27134', '27137', '27138') then 'hip_replacement'
    when hcpcs in ('27447', '27446', '27486', '27487') then 'knee_replacement'
    when hcpcs in ('29881', '29880') then 'knee_arthroscopy'
    when hcpcs in ('20610', '20611') then 'joint_injection' end;
create temp macro diagnosis_of(icd) as case
    when icd[1:3] = 'M16' then 'osteoarthritis_hip' when icd[1:3] = 'M17' then 'osteoarthritis_knee'
    when icd[1:3] = 'M05' then 'inflammatory_arthritis' end;
create temp macro raw_files(place) as getvariable('raw') || '/' || place || '/*.parquet';

-- Who is a person by now: whom any of the files names, but for organisations and NPIs not yet given out.
create temp table persons as
select npi from (
    select npi from read_parquet(raw_files('registry/nppes'), union_by_name = true)
    union select npi from read_parquet(raw_files('registry/doctors_clinicians'), union_by_name = true)
    union select rndrng_npi from read_parquet(raw_files('claims/provider_service'), union_by_name = true)
    union select prscrbr_npi from read_parquet(raw_files('claims/part_d'), union_by_name = true)
    union select rendering_npi from read_parquet(raw_files('claims/medical_claim'), union_by_name = true)
    where claim_type = 'professional' and file_date <= getvariable('as_of')
    union select covered_recipient_npi from read_parquet(raw_files('open_payments/general'), union_by_name = true)
) where npi is not null and npi not in (
    select npi from read_parquet(raw_files('registry/nppes'), union_by_name = true)
    where entity_type_code = '2' or enumeration_date > getvariable('as_of')
);

-- Claim lines of the listed families, with the days on which each version is known and replaced.
create temp table lines as
with coded as (
    select claim_id, claim_line_number, claim_type, rendering_npi, person_key, file_date, _file, _row, claim_line_start_date as service_on,
        coalesce(service_unit_quantity, 1) as quantity, coalesce(hcpcs_modifier_1, '') in ('80', '81', '82', 'AS') as is_assistant,
        family_of(hcpcs_code) as family, diagnosis_of(diagnosis_code_1) as d1, diagnosis_of(diagnosis_code_2) as d2,
        diagnosis_of(diagnosis_code_3) as d3, diagnosis_of(diagnosis_code_4) as d4, ms_drg_code in ('470', '521') as is_stay
    from read_parquet(raw_files('claims/medical_claim'), union_by_name = true)
    where file_date <= getvariable('as_of') and claim_line_start_date <= getvariable('as_of')
        and (family_of(hcpcs_code) is not null or coalesce(d1, d2, d3, d4) is not null or is_stay)
)
select family, d1, d2, d3, d4, rendering_npi as npi, person_key, quantity, date_trunc('month', service_on)::date as month,
    file_date as known_on, coalesce(lead(file_date) over versions, date '9999-12-31') as superseded_on,
    min(file_date) over versions as first_known_on, claim_type = 'professional' and not is_assistant as counts
from coded
window versions as (partition by claim_id, claim_line_number order by file_date, _file, _row)
qualify superseded_on > known_on and quantity > 0;

create temp table services as
select npi, family, month, first_known_on, known_on, superseded_on, sum(quantity) as services
from lines semi join persons using (npi) where counts and family is not null group by all;
create temp table volume_now as
select npi, family, month, sum(services) as services from services where superseded_on = date '9999-12-31' group by all;
create temp table patients as
select npi, 'procedure' as kind, family, month, count(distinct person_key) as patients
from lines semi join persons using (npi) where counts and family is not null and superseded_on = date '9999-12-31' group by all;
create temp table diagnosed as
select distinct npi, person_key, month, unnest([d1, d2, d3, d4]) as family
from lines semi join persons using (npi) where counts and superseded_on = date '9999-12-31' and coalesce(d1, d2, d3, d4) is not null;
insert into patients
select npi, 'diagnosis month', family, month, count(distinct person_key) from diagnosed where family is not null group by all;
insert into patients
select npi, 'diagnosis year', family, date_trunc('year', month), count(distinct person_key) from diagnosed where family is not null group by all;

create temp table years as
select npi, family, year, make_date(year, 12, 31) + 510 as lag_on, greatest(make_date(year, 12, 31) + 510, make_date(year + 2, 1, 1)) as known_on,
    sum(services) as services, case when count(*) = count(patients) then sum(patients)::bigint end as patients
from (
    select rndrng_npi as npi, family_of(hcpcs_cd) as family, _period as year, tot_srvcs as services, tot_benes as patients
    from read_parquet(raw_files('claims/provider_service'), union_by_name = true) where family_of(hcpcs_cd) is not null
    union all
    select prscrbr_npi, 'clot_prevention', _period, tot_clms, tot_benes
    from read_parquet(raw_files('claims/part_d'), union_by_name = true) where lower(gnrc_name) = 'apixaban'
) semi join persons using (npi)
where greatest(make_date(year, 12, 31) + 510, make_date(year + 2, 1, 1)) <= getvariable('as_of')
group by all;

-- From which month claim lines speak, and the season by which published years are spread over the months before.
create temp table coverage as select npi, family, min(month) as first_month from volume_now group by all;
create temp table span as
select min(month) as first_month, (date_trunc('month', getvariable('as_of') - 59) - interval 1 month)::date as last_month from volume_now;
-- Whole calendar years tell the season; while there is none, the last twelve months.
create temp table years_told as
select first_month, case when date_diff('month', first_month, last_december) >= 11 then last_december else last_month end as ends_with
from (select *, make_date(year((last_month + interval 1 month)::date) - 1, 12, 1) as last_december from span);
create temp table seasons as
with counted as (
    select family, month(month) as place, sum(services) as services from volume_now cross join years_told
    where month <= ends_with
        and month > ends_with - to_months(cast(12 * (least(date_diff('month', first_month, ends_with) + 1, 36) // 12) as integer))
    group by all
)
select family, place, coalesce(services::double / sum(services) over (partition by family)::double, 1.0 / 12) as share
from (values ('hip_replacement'), ('knee_replacement'), ('knee_arthroscopy'), ('joint_injection'), ('clot_prevention')) as listed (family)
cross join range(1, 13) as months (place) left join counted using (family, place);
create temp table months as
select npi, family, month, services::decimal(18, 6) as services, false as is_estimated from volume_now
union all
select years.npi, years.family, make_date(year, place::integer, 1), (services::double * share)::decimal(18, 6), true
from years left join coverage using (npi, family) inner join seasons using (family)
where first_month is null or make_date(year, place::integer, 1) < first_month;

create table provider_procedures as
select months.npi, months.family as procedure_family, months.month as period_start, 'month' as period_grain, months.services::double as services,
    patients.patients, months.is_estimated
from months
left join years on months.npi = years.npi and months.family = years.family and year(months.month) = years.year
left join coverage on months.npi = coverage.npi and months.family = coverage.family
left join (select * from patients where kind = 'procedure') as patients on months.npi = patients.npi and months.family = patients.family
    and case when not months.is_estimated then months.month end = patients.month
where not months.is_estimated or (years.npi is not null and year(coverage.first_month) <= years.year)
union all
select npi, family, make_date(year, 1, 1), 'year', services::double, patients, false
from years left join coverage using (npi, family) where not coalesce(year(first_month) <= year, false)
order by all;
create table provider_diagnoses as
select npi, family as diagnosis_family, month::date as period_start, case kind when 'diagnosis year' then 'year' else 'month' end as period_grain, patients
from patients where kind <> 'procedure' order by all;

-- Focus volume of the trailing twelve months and of the twelve before: claim lines, else the last two published years.
create table provider_volumes as
select npi, sum(annual)::decimal(18, 3) as annual_volume, sum(prior)::decimal(18, 3) as prior_annual_volume
from (
    select npi, coverage.family, coalesce(sum(services) filter (month between last_month - interval 11 month and last_month), 0) as annual,
        coalesce(sum(services) filter (month between last_month - interval 23 month and last_month - interval 12 month), 0) as prior
    from coverage inner join volume_now using (npi, family) cross join span where coverage.first_month <= last_month group by all
    union all
    select npi, family, sum(services) filter (year = 2024), sum(services) filter (year = 2023)
    from years left join coverage using (npi, family) cross join span
    where year in (2023, 2024) and (coverage.first_month is null or coverage.first_month > last_month) group by all
)
where family in ('hip_replacement', 'knee_replacement') group by npi order by npi;

-- The same as it was known at the end of each of 48 months and today.
create temp table days as
select day::date as day, (date_trunc('month', day - 59) - interval 1 month)::date as last_month, first_month
from (select last_day(getvariable('as_of') - to_months(n::integer)) as day from range(49) as back(n) union select getvariable('as_of'))
cross join span where day <= getvariable('as_of');
create table volume_by_snapshot as
with known as (
    select npi, family, min(first_known_on) as from_claims, min(greatest(first_known_on, (last_day(month) + 60)::date)) as complete_from
    from services group by all
),
starts as (select npi, family, complete_from from known full join (select distinct npi, family from years) using (npi, family)),
summed as (
    select npi, family, day,
        coalesce(sum(services) filter (month >= last_month - interval 11 month), 0) as volume_12m,
        coalesce(sum(services) filter (month < last_month - interval 11 month), 0) as prior_volume_12m,
        coalesce(sum(services) filter (month >= last_month - interval 2 month), 0) as volume_3m,
        coalesce(sum(services) filter (month between last_month - interval 14 month and last_month - interval 12 month), 0) as volume_3m_year_ago,
        count(distinct month) filter (month >= last_month - interval 11 month) as active_months_12m
    from services inner join days on known_on <= day and superseded_on > day and month between last_month - interval 23 month and last_month
    group by all
)
select starts.npi, starts.family as procedure_family, days.day as snapshot_on, coalesce(volume_12m, 0) as volume_12m,
    case when first_month <= last_month - interval 23 month then coalesce(prior_volume_12m, 0) end as prior_volume_12m,
    coalesce(volume_3m, 0) as volume_3m, case when first_month <= last_month - interval 14 month then coalesce(volume_3m_year_ago, 0) end
        as volume_3m_year_ago, coalesce(active_months_12m, 0) as active_months_12m
from starts inner join days on complete_from <= day and first_month <= last_month - interval 11 month
left join summed on starts.npi = summed.npi and starts.family = summed.family and days.day = summed.day
union all
select npi, family, day, sum(services) filter (year = newest), sum(services) filter (year = newest - 1), null, null, null
from years
inner join (select days.*, (select max(year) from years where known_on <= day) as newest from days) on known_on <= day and year in (newest, newest - 1)
inner join starts using (npi, family)
where not coalesce(first_month <= last_month - interval 11 month, false) or coalesce(day < complete_from, true)
group by all;

-- Payments: the newest release of a program year, each record once, deleted ones gone; who stands there without an NPI by profile.
create temp table paid as
with profiles as (
    select covered_recipient_profile_id as profile_id, max(covered_recipient_npi) as profile_npi, min(_released_on) as profile_known_on
    from (
        select covered_recipient_profile_id, covered_recipient_npi, _released_on
        from read_parquet(raw_files('open_payments/general'), union_by_name = true)
        union all
        select covered_recipient_profile_id, covered_recipient_npi, _released_on
        from read_parquet(raw_files('open_payments/profile_supplement'), union_by_name = true)
    )
    where covered_recipient_npi is not null and covered_recipient_profile_id is not null and _released_on <= getvariable('as_of')
    group by all
)
select coalesce(covered_recipient_npi, profile_npi) as npi, program_year as year,
    coalesce(case applicable_manufacturer_or_applicable_gpo_making_payment_name
        when 'Nation Orthopaedics, Inc.' then 'Nation Orthopaedics' when 'Strydane Corporation' then 'Strydane'
        when 'Strydane Sales Inc' then 'Strydane' when 'Zenith Biometrics Holdings, Inc.' then 'Zenith Biometrics'
        when 'DeValle Synthex Products, Inc.' then 'DeValle Synthex' when 'Palloran Pharmaceuticals LP' then 'Palloran' end,
        applicable_manufacturer_or_applicable_gpo_making_payment_name) as manufacturer,
    case when manufacturer = 'Nation Orthopaedics' then 'own' when manufacturer in ('Strydane', 'Zenith Biometrics', 'DeValle Synthex')
        then 'competitor' else 'other' end as relation,
    nature_of_payment_or_transfer_of_value as nature, number_of_payments_included_in_total_amount as payments,
    total_amount_of_payment_usdollars as usd, date_of_payment as paid_on,
    case when covered_recipient_npi is null then greatest(_released_on, profile_known_on) else _released_on end as known_on,
    coalesce((select min(r) from (values (date '2026-01-23')) as later (r) where program_year = 2024 and r > _released_on), date '9999-12-31')
        as superseded_on
from read_parquet(raw_files('open_payments/general'), union_by_name = true) left join profiles on covered_recipient_profile_id = profile_id
where change_type <> 'DELETED' and dispute_status_for_publication <> 'Yes' and _released_on <= getvariable('as_of');
create table provider_payments as
select npi, manufacturer, year as payment_year, nature, relation, sum(payments)::bigint as payments, sum(usd)::double as amount_usd
from paid semi join persons using (npi) where superseded_on = date '9999-12-31' group by all order by all;
create table payment_totals as
with recent as (
    select npi, manufacturer, relation, sum(usd) as usd, max(paid_on) as last_on from paid
    where superseded_on = date '9999-12-31' and npi is not null and paid_on > getvariable('as_of') - interval 36 month and paid_on <= getvariable('as_of')
    group by all
)
select npi, coalesce(sum(usd) filter (relation = 'own'), 0)::double as own_payments_usd,
    coalesce(sum(usd) filter (relation = 'competitor'), 0)::double as competitor_payments_usd, arg_max(manufacturer, (usd, manufacturer)) as top_paying
from recent group by npi;
create table payments_by_snapshot as
with by_maker as (
    select npi, day, manufacturer, sum(usd) as usd, sum(usd) filter (paid_on > last_public - interval 12 month) as usd_12m, max(paid_on) as last_on
    from paid
    inner join (select days.day, (select least(make_date(max(year), 12, 31), days.day) from paid where known_on <= days.day) as last_public from days)
        on known_on <= day and superseded_on > day and paid_on > last_public - interval 36 month and paid_on <= last_public
    where relation = 'competitor' and npi is not null group by all
)
select npi, day as snapshot_on, sum(usd)::double as competitor_payments_36m_usd, coalesce(sum(usd_12m), 0)::double as competitor_payments_12m_usd,
    arg_max(usd, (usd, manufacturer)) as top_usd, arg_max(last_on, (usd, manufacturer)) as last_on
from by_maker group by all;
