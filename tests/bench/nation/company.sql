-- The company's own files, and what the registers say.
create view "company/settings" as select 'Nation Orthopaedics' as name, 'USD' as currency, 'America/New_York' as timezone,
    5 as fiscal_year_start_month, 180 as adoption_horizon_days, 2 as forecast_horizon_quarters, 220000 as rep_annual_cost_usd,
    14 as calls_per_rep_per_week, 3 as planned_notice_days, 13 as calls_per_provider_per_quarter, 11 as cell_suppression_minimum, 510 as lag_days_cms_claims,
    180 as lag_days_open_payments, 60 as lag_days_claim_lines, ['Nation Orthopaedics, Inc.'] as own_manufacturers,
    'company/company.yml' as _file, 1 as _row;
create view "company/procedure_families" as select *, 'company/procedure_families.csv' as _file, row_number() over () as _row from (values
    ('hip_replacement', 'HCPCS', '27130', true, 5200), ('hip_replacement', 'HCPCS', '27134', true, 5200),
    ('hip_replacement', 'HCPCS', '27137', true, 5200), ('hip_replacement', 'HCPCS', '27138', true, 5200),
    ('knee_replacement', 'HCPCS', '27447', true, 4800), ('knee_replacement', 'HCPCS', '27446', true, 4800),
    ('knee_replacement', 'HCPCS', '27486', true, 4800), ('knee_replacement', 'HCPCS', '27487', true, 4800),
    ('knee_arthroscopy', 'HCPCS', '29881', false, null), ('knee_arthroscopy', 'HCPCS', '29880', false, null),
    ('joint_injection', 'HCPCS', '20610', false, null), ('joint_injection', 'HCPCS', '20611', false, null),
    ('hip_replacement', 'MS-DRG', '521', true, 5200), ('knee_replacement', 'MS-DRG', '470', true, 4800),
    ('osteoarthritis_hip', 'ICD-10-CM', 'M16', false, null), ('osteoarthritis_knee', 'ICD-10-CM', 'M17', false, null),
    ('inflammatory_arthritis', 'ICD-10-CM', 'M05', false, null), ('clot_prevention', 'GENERIC-NAME', 'Apixaban', false, null)
) as listed (procedure_family, code_system, code, is_focus, revenue_per_procedure_usd);
create view "company/manufacturers" as select *, 'company/manufacturers.csv' as _file, row_number() over () as _row from (values
    ('Nation Orthopaedics', 'Nation Orthopaedics, Inc.', 'own'), ('Strydane', 'Strydane Corporation', 'competitor'),
    ('Strydane', 'Strydane Sales Inc', 'competitor'), ('Zenith Biometrics', 'Zenith Biometrics Holdings, Inc.', 'competitor'),
    ('DeValle Synthex', 'DeValle Synthex Products, Inc.', 'competitor'), ('Palloran', 'Palloran Pharmaceuticals LP', 'other')
) as listed (manufacturer, open_payments_name, relation);
create view "company/pipeline_stages" as select *, 'company/pipeline_stages.csv' as _file, stage_order as _row from (values
    ('Qualified', 1, 'Prospecting', false, false, 0.25, 30), ('Evaluation', 2, 'Product Evaluation', false, false, 0.5, 45),
    ('Trial', 3, 'Surgeon Trial', false, false, 0.7, 45), ('Value analysis', 4, 'Value Analysis', false, false, 0.85, 60),
    ('Contracting', 5, 'Negotiation/Contracting', false, false, 0.95, 30), ('Won', 6, 'Closed Won', true, true, 1, 0),
    ('Lost', 7, 'Closed Lost', true, false, 0, 0)
) as listed (stage, stage_order, crm_stage_name, is_closed, is_won, stated_probability, expected_days);

-- Neighbouring ZIPs share a territory; one in fifty has moved once, one in twenty has an overlay.
create table aligned as
select zip5, 'T' || lpad(cast(1 + (dense_rank() over (order by left(zip5, 3)) * 7 + 0) * 0
    + (dense_rank() over (order by left(zip5, 3)) - 1) * getvariable('territories') // (select count(distinct left(zip5, 3)) from zips) as varchar), 3, '0')
    as territory_id
from zips;
create view "company/territory_alignment" as
select zip5, territory_id, 'primary' as kind, case when chance(zip5, 'moved', 0.02) then date '2024-05-01' else date '2021-05-01' end
        as valid_from, cast(null as date) as valid_to, 'company/territory_alignment.csv' as _file, row_number() over () as _row from aligned
union all
select zip5, 'T001', 'primary', date '2021-05-01', date '2024-04-30', 'company/territory_alignment.csv', 1000000 + row_number() over ()
from aligned where chance(zip5, 'moved', 0.02)
union all
select zip5, 'T002', 'overlay', date '2023-01-01', null, 'company/territory_alignment.csv', 2000000 + row_number() over ()
from aligned where chance(zip5, 'overlay', 0.05);
create view "company/restrictions" as select npi, pick(k, 'list', ['PDRP', 'NO_CONTACT', 'NO_SEE']) as list, date '2024-01-01' as effective_from,
    'company/restrictions.csv' as _file, k as _row from people where chance(k, 'restricted', 0.005);
create view "reference/zip_centroids" as select zip5, state, city, cast(latitude as double) as latitude, cast(longitude as double) as longitude,
    'zip_centroids.csv' as _file, n as _row from zips;

create view "registry/nppes" as
select npi, '1' as entity_type_code, null as organization_name, upper(last_name) as last_name, upper(first_name) as first_name,
    pick(k, 'title', ['M.D.', 'MD', 'D.O.', 'NP']) as credential,
    case when chance(k, 'maiden', 0.05) then upper(surname(whole(k, 'maiden name', 40000))) end as other_last_name,
    upper(street) as practice_street, upper(city) as practice_city, state as practice_state, zip5 as practice_zip5,
    day(k, 'enumerated', date '2005-05-23', 7600) as enumeration_date, day(k, 'updated', date '2018-01-01', 3000) as last_update_date,
    case when chance(k, 'deactivated', 0.02) then day(k, 'left', date '2022-01-01', 1600) end as deactivation_date, taxonomy as taxonomy_code,
    'registry/npidata_pfile_20050523-20260707.csv' as _file, k as _row, date '2026-07-07' as _released_on
from people
union all
select npi, '2', upper(name), null, null, null, null, null, upper(city), state, zip5, date '2006-06-01', date '2020-01-01', null,
    '282N00000X', 'registry/npidata_pfile_20050523-20260707.csv', 10000000 + f, date '2026-07-07' from facilities;
create view "registry/doctors_clinicians" as
select npi, upper(last_name) as last_name, upper(first_name) as first_name, 'MD' as credential, upper(specialty) as pri_spec,
    'PRACTICE ' || whole(k, 'practice', 90000) as facility_name, lpad(cast(whole(k + place, 'org', 90000) as varchar), 10, '0') as org_pac_id,
    upper(street) as street, upper(city) as city, state, zip5, 1975 + whole(k, 'graduated', 45) as grad_year,
    'registry/DAC_NationalDownloadableFile.csv' as _file, k * 8 + place as _row
from (select *, unnest(range(1 + whole(k, 'addresses', 3))) as place from people where codes > 0);
-- Six dated copies: a few in a hundred change between two of them.
create view "registry/facility_affiliation" as
select npi, 'Hospital' as facility_type,
    lpad(cast(10001 + 7 * (whole(k * 3 + place, 'facility', (select count(*) from facilities))
        + case when chance(k, 'mover', 0.1) and copy > whole(k, 'moves', 6) then 1 else 0 end) % (select count(*) from facilities) as varchar), 6, '0')
        as facility_affiliations_certification_number,
    'registry/Facility_Affiliation_' || released || '.csv' as _file, k * 3 + place as _row, released as _released_on
from (select *, unnest(range(1 + whole(k, 'sites', 2))) as place from people where codes > 0 and chance(k, 'affiliated', 0.7))
cross join (select copy, date '2024-01-05' + to_months(6 * cast(copy as integer)) as released from range(6) as c(copy)) as copies;
create view "registry/hospital_general" as select ccn as facility_id, upper(name) as facility_name, city, state, zip5,
    'Acute Care Hospitals' as hospital_type, 'Voluntary non-profit - Private' as hospital_ownership,
    'registry/Hospital_General_Information.csv' as _file, f as _row from facilities where name not like '%Surgery Center';
create view "registry/shared_patients" as
select npi(a) as npi_1, npi(b) as npi_2, 11 + whole(i, 'transactions', 300) as shared_transactions, 11 + whole(i, 'patients', 60) as patients,
    whole(i, 'same day', 10) as same_day, 'registry/physician_shared_patient_patterns_2023_days30.txt' as _file, i as _row, 2023 as _period
from (select i, whole(i // 8, 'of', scaled(1500000)) as a, whole(i, 'with', scaled(1500000)) as b from range(scaled(6000000)) as pairs(i))
where a <> b;
