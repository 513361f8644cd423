-- Public files of procedures and drugs, monthly deliveries of claim lines, Open Payments.
create macro family_code(place) as ['20610', '27447', '27130', '29881', '27446', '20611', '27487', '29880', '27134', '27138', '27137', '27486'][1 + place];
create macro family_share(place) as [0.9, 0.75, 0.7, 0.5, 0.2, 0.4, 0.2, 0.3, 0.15, 0.03, 0.05, 0.1][1 + place];
create macro provider_service(year) as table
select npi as rndrng_npi, last_name as rndrng_prvdr_last_org_name, first_name as rndrng_prvdr_first_name, 'M.D.' as rndrng_prvdr_crdntls,
    'I' as rndrng_prvdr_ent_cd, city as rndrng_prvdr_city, state as rndrng_prvdr_state_abrvtn, zip5 as rndrng_prvdr_zip5,
    specialty as rndrng_prvdr_type,
    case when is_surgeon and place < 12 and chance(k, place, family_share(place)) then family_code(place)
        when place = 0 and specialty in ('Rheumatology', 'Sports Medicine', 'Family Practice') and chance(k, 'injects', 0.3) then '20610'
        else lpad(cast(10000 + (whole(specialty, 'codes', 9000) + place * 37) % 9000 as varchar), 5, '0') end as hcpcs_cd,
    case when chance(k * 300 + place, 'place', 0.4) then 'F' else 'O' end as place_of_srvc,
    case when not chance(k * 300 + place, 'unknown', 0.002) then benes end as tot_benes, benes * (1 + whole(k * 300 + place, 'each', 4)) as tot_srvcs,
    benes * 1.2 as tot_bene_day_srvcs, 20 + whole(k * 300 + place, 'charge', 900000) / 100.0 as avg_sbmtd_chrg,
    9 + whole(k * 300 + place, 'allowed', 300000) / 100.0 as avg_mdcr_alowd_amt, 7 + whole(k * 300 + place, 'paid', 240000) / 100.0 as avg_mdcr_pymt_amt,
    'claims/MUP_PHY_D' || year || '.csv' as _file, k * 300 + place as _row, 2000 + year as _period, (2002 + year) || '-05' as _release
from (select *, 11 + skewed(k * 300 + place + year * 7919, 'benes', 400, 4.0) as benes
    from (select *, unnest(range(cast(codes as bigint))) as place from people)
    where chance(k * 300 + place, year, 0.93));
-- One prescriber in twelve, with eight drugs each: a prescriber and drug stand there once, as in the published file.
create macro part_d(year) as table
select npi(k) as prscrbr_npi, 'X' as prscrbr_last_org_name, 'Y' as prscrbr_first_name, 'Boston' as prscrbr_city, 'MA' as prscrbr_state_abrvtn,
    'Internal Medicine' as prscrbr_type, case when drug = 0 then 'Eliquis' else 'Brand ' || drug end as brnd_name,
    case when drug = 0 then 'Apixaban' else 'Generic ' || drug end as gnrc_name, 11 + whole(i, 'claims', 200) as tot_clms,
    case when not chance(i, 'few', 0.4) then 11 + whole(i, 'people', 60) end as tot_benes,
    'claims/MUP_DPR_D' || year || '.csv' as _file, i as _row, 2000 + year as _period, (2002 + year) || '-04' as _release
from (select i, i // 8 * 12 + whole(i // 8, 'prescriber', 12) as k, i % 8 + 8 * whole(i // 8, 'drugs', 60) as drug
    from range(scaled(1000000)) as rows(i));

-- A delivery speaks of the month before the last; two claims in a hundred of the delivery before come again, changed or void.
create macro lines_of(delivery, is_again) as table
select 'C' || delivery || '-' || c as claim_id, 1 + place as claim_line_number,
    case when is_stay then 'institutional' else 'professional' end as claim_type, md5('patient' || patient) as person_key,
    started as claim_start_date, started as claim_line_start_date, case when is_stay then '21' else '22' end as place_of_service_code,
    case when is_stay and place = 0 then case when chance(c + delivery, 'joint', 0.3) then pick(c, 'drg', ['470', '521'])
        else lpad(cast(1 + whole(c, 'drg', 900) as varchar), 3, '0') end end as ms_drg_code,
    case when not is_stay and person.is_surgeon and chance(c * 4 + place, 'family', 0.6) then family_code(skewed(c * 4 + place, 'code', 12, 2.5))
        when not is_stay and chance(c * 4 + place, 'injection', 0.02) then '20610'
        when not is_stay then lpad(cast(10000 + whole(c * 4 + place, 'code', 9000) as varchar), 5, '0') end as hcpcs_code,
    case when chance(c * 4 + place, 'modifier', 0.2) then pick(c, 'which', ['RT', 'LT', '59', '80']) end as hcpcs_modifier_1,
    1 + skewed(c * 4 + place, 'units', 4, 4.0) as units, case when not is_stay then person.npi end as rendering_npi,
    person.npi as billing_npi, facilities.npi as facility_npi,
    case when person.is_surgeon then pick(c + delivery, 'icd', ['M1711', 'M1712', 'M1611', 'M170', 'M0579', 'S83241A', 'M7541', 'Z96651'])
        else chr(65 + cast(whole(c, 'chapter', 26) as integer)) || whole(c, 'icd', 9000) end as diagnosis_code_1,
    case when chance(c, 'second', 0.7) then pick(c, 'also', ['I10', 'E119', 'M1710', 'E785', 'Z7901', 'M1990', 'N179', 'J449']) end as diagnosis_code_2,
    case when chance(c, 'third', 0.4) then chr(65 + cast(whole(c, 'chapter3', 26) as integer)) || whole(c, 'icd3', 9000) end as diagnosis_code_3,
    case when chance(c, 'fourth', 0.2) then 'I' || whole(c, 'icd4', 900) end as diagnosis_code_4,
    whole(c * 4 + place, 'paid', 150000) / 100.0 as paid_amount, 'vendor' as data_source, c * 4 + place as line
from (select *, unnest(range(1 + whole(c + delivery * 977, 'lines', 4))) as place,
        cast(date '2023-11-01' + to_months(cast(delivery as integer)) as date) + cast(whole(c + delivery * 31, 'day', 30) as integer) as started,
        whole(c + delivery * 101, 'patient', scaled(6000000)) as patient,
        skewed(c + delivery * 577, 'rendering', case when chance(c + delivery, 'surgeon', 0.35) then (select n from surgeons) else (select count(*) from claim_people) end, 1.6) as who,
        whole(c, 'facility', (select count(*) from facilities)) as f, chance(c, 'stay', 0.1) as is_stay
    from range(scaled(420000)) as claims(c) where not is_again or chance(c, 'restated', 0.02)) as claim
inner join claim_people as person on claim.who = person.place_in_claims
inner join facilities on claim.f = facilities.f;
create macro medical_claim(delivery) as table
select * exclude (units, line, filed), units as service_unit_quantity, filed as file_date,
    'claims/medical_claim_' || strftime(filed, '%Y%m%d') || '.parquet' as _file, line as _row
from (
    select *, cast(date '2024-01-25' + to_months(cast(delivery as integer)) as date) as filed from lines_of(delivery, false)
    union all
    select * replace (case when chance(line, 'void', 0.2) then 0 else units + 1 end as units, 10000000 + line as line),
        cast(date '2024-01-25' + to_months(cast(delivery as integer)) as date) as filed
    from lines_of(delivery - 1, true)
);

create macro general(program, release, salt) as table
select case when chance(i, 'deleted', 0.001) then 'DELETED' else 'UNCHANGED' end as change_type,
    case when is_hospital then 'Covered Recipient Teaching Hospital' else 'Covered Recipient Physician' end as covered_recipient_type,
    case when is_hospital then '010001' end as teaching_hospital_ccn, case when not is_hospital then cast(10000000 + p.k as varchar) end as covered_recipient_profile_id,
    case when not is_hospital and not chance(i, 'profile only', 0.02) then p.npi end as covered_recipient_npi,
    case when not is_hospital then upper(p.first_name) end as covered_recipient_first_name, case when not is_hospital then upper(p.last_name) end as covered_recipient_last_name,
    p.city as recipient_city, p.state as recipient_state, p.zip5 as recipient_zip_code,
    'Allopathic & Osteopathic Physicians|' || p.published as covered_recipient_specialty_1,
    case when p.is_surgeon and chance(i, 'joint', 0.6) then pick(i, 'maker', ['Nation Orthopaedics, Inc.', 'Strydane Corporation', 'Strydane Sales Inc',
            'Zenith Biometrics Holdings, Inc.', 'DeValle Synthex Products, Inc.'])
        else surname(skewed(i, 'maker', 1500, 2.5)) || ' Pharmaceuticals, Inc.' end as applicable_manufacturer_or_applicable_gpo_making_payment_name,
    round(2 + 20 * pow(1.0000001 - unit(i, 'amount'), -0.8) + case when chance(i, salt, 0.01) then 5 else 0 end, 2) as total_amount_of_payment_usdollars,
    day(i, 'paid', make_date(program, 1, 1), 365) as date_of_payment, 1 as number_of_payments_included_in_total_amount,
    pick(skewed(i, 'nature', 6, 2.0), 'natures', ['Food and Beverage', 'Education', 'Consulting Fee', 'Travel and Lodging', 'Honoraria']) as nature_of_payment_or_transfer_of_value,
    cast(cast(program as bigint) * 100000000 + i as varchar) as record_id, case when chance(i, 'disputed', 0.001) then 'Yes' else 'No' end as dispute_status_for_publication,
    program as program_year, release as payment_publication_date, 'open_payments/OP_DTL_GNRL_PGYR' || program || '_P' || strftime(release, '%m%d%Y') || '.csv' as _file,
    i as _row, program as _period, cast(release as varchar) as _release, release as _released_on
from (select i, program as program, skewed(i + program, 'recipient', scaled(900000), 2.0) as k, chance(i, 'hospital', 0.02) as is_hospital
    from range(scaled(3800000)) as rows(i) where chance(i, salt || release, 0.99)) as paid
inner join people as p on paid.k = p.k;
create view "open_payments/profile_supplement" as select cast(10000000 + k as varchar) as covered_recipient_profile_id, npi as covered_recipient_npi,
    first_name as covered_recipient_profile_first_name, last_name as covered_recipient_profile_last_name, state as covered_recipient_profile_state,
    'open_payments/OP_CVRD_RCPNT_PRFL_SPLMTL_P06302026.csv' as _file, k as _row, '2026-06-30' as _release, date '2026-06-30' as _released_on
from people where k < scaled(900000);
