-- Who there is: every other table speaks of these people, places and facilities. Each value follows from a number.
create macro unit(i, salt) as (hash(i, salt) % 1000003) / 1000003.0;
create macro chance(i, salt, share) as unit(i, salt) < share;
create macro whole(i, salt, below) as cast(hash(i, salt) % cast(below as ubigint) as bigint);
-- The first of many are drawn far more often than the last: heavy providers, common names, large cities.
create macro skewed(i, salt, below, power) as cast(floor(below * pow(unit(i, salt), power)) as bigint);
create macro pick(i, salt, words) as words[1 + whole(i, salt, len(words))];
create macro scaled(n) as greatest(1, cast(n * getvariable('share') as bigint));
create macro day(i, salt, first, days) as cast(first as date) + cast(whole(i, salt, days) as integer);
create macro digit(number, place) as number // cast(pow(10, place) as bigint) % 10;
create macro doubled(digit) as digit * 2 - case when digit > 4 then 9 else 0 end;
create macro npi(k) as cast((100000000 + k) * 10 + (10 - (24
    + doubled(digit(100000000 + k, 0)) + digit(100000000 + k, 1) + doubled(digit(100000000 + k, 2)) + digit(100000000 + k, 3)
    + doubled(digit(100000000 + k, 4)) + digit(100000000 + k, 5) + doubled(digit(100000000 + k, 6)) + digit(100000000 + k, 7)
    + doubled(digit(100000000 + k, 8))) % 10) % 10 as varchar);
create macro facility_npi(f) as npi(50000000 + f);
create macro sf_id(prefix, i) as prefix || lpad(cast(i as varchar), 12, '0') || 'AAA';
create macro surname(r) as
    ['Bar', 'Hol', 'Win', 'Mar', 'Gar', 'Pet', 'San', 'Lin', 'Kow', 'Ric', 'Ber', 'Tho', 'Mac', 'Del', 'Fitz', 'Nor', 'Wal', 'Sch',
        'Hern', 'Gon', 'Pat', 'Ngu', 'Chen', 'Kim', 'Ros', 'Gold', 'Ste', 'Bro', 'Car', 'Dun', 'Eva', 'Fos', 'Gri', 'Har', 'Jen',
        'Kel', 'Lam', 'Mor', 'Osb', 'Pow'][1 + r % 40]
    || ['e', 'an', 'i', 'o', 'ing', 'er', 'al', 'ett', 'and', 'en', 'ar', 'il', 'or', 'u', 'am', 'es', 'ick', 'ol', 'y', 'ent',
        'ard', 'em', 'is', 'on', 'ub', 'ev', 'ag', 'im', 'ow', 'esk', 'ip', 'ut', 'ad', 'ell', 'op', 'orn', 'ish', 'ak', 'ez', 'ura'][1 + r // 40 % 40]
    || ['', 'son', 's', 'man', 'ton', 'ez', 'ski', 'berg', 'field', 'ham', 'well', 'stein', 'ford', 'worth', 'land', 'ley', 'mann',
        'wood', 'ova', 'dal', 'quist', 'ault', 'ini', 'oux', 'by'][1 + r // 1600 % 25];
create macro forename(r) as
    ['James', 'Mary', 'Robert', 'Patricia', 'John', 'Jennifer', 'Michael', 'Linda', 'David', 'Elizabeth', 'William', 'Barbara',
        'Richard', 'Susan', 'Joseph', 'Jessica', 'Thomas', 'Karen', 'Christopher', 'Sarah', 'Daniel', 'Margaret', 'Wei', 'Priya'][1 + r % 24]
    || case when r < 24 then '' else ['a', 'ine', 'o', 'el', 'ette', 'is', 'on', 'ia', 'us', 'yn'][1 + r // 24 % 10] end;

create table specialties as select * from (values
    (0.020, '207X00000X', 'Orthopedic Surgery', 'Orthopaedic Surgery'), (0.023, '207RR0500X', 'Rheumatology', 'Rheumatology'),
    (0.026, '207XX0005X', 'Sports Medicine', 'Sports Medicine'), (0.100, '207Q00000X', 'Family Practice', 'Family Medicine'),
    (0.210, '207R00000X', 'Internal Medicine', 'Internal Medicine'), (0.230, '207RC0000X', 'Cardiology', 'Cardiovascular Disease'),
    (0.260, '207L00000X', 'Anesthesiology', 'Anesthesiology'), (0.290, '207P00000X', 'Emergency Medicine', 'Emergency Medicine'),
    (0.320, '208000000X', 'Pediatric Medicine', 'Pediatrics'), (0.340, '207V00000X', 'Obstetrics & Gynecology', 'Obstetrics & Gynecology'),
    (0.355, '2085R0202X', 'Diagnostic Radiology', 'Diagnostic Radiology'), (0.370, '208600000X', 'General Surgery', 'Surgery'),
    (0.380, '207N00000X', 'Dermatology', 'Dermatology'), (0.390, '2084N0400X', 'Neurology', 'Neurology'),
    (0.400, '208800000X', 'Urology', 'Urology'), (0.500, '363A00000X', 'Physician Assistant', 'Physician Assistant'),
    (0.700, '363LF0000X', 'Nurse Practitioner', 'Nurse Practitioner'), (0.780, '225100000X', 'Physical Therapist in Private Practice', 'Physical Therapist'),
    (0.860, '1041C0700X', 'Licensed Clinical Social Worker', 'Clinical'), (0.920, '103TC0700X', 'Clinical Psychologist', 'Clinical'),
    (0.960, '152W00000X', 'Optometry', 'Optometrist'), (1.001, '111N00000X', 'Chiropractic', 'Chiropractor')
) as listed (below, taxonomy, specialty, published);

create table zips as
select row_number() over (order by hash(zip5, 'size'), zip5) - 1 as n, zip5, state, city, latitude, longitude
from read_csv(getvariable('zip_file'), all_varchar = true) where state not in ('PR', 'VI', 'GU');

create table people as
with drawn as (
    select k, unit(k, 'specialty') as u, skewed(k, 'zip', (select count(*) from zips), 2.0) as z,
        skewed(k, 'surname', 40000, 2.2) as s, skewed(k, 'forename', 264, 2.0) as f, unit(k, 'lines') as w
    from range(scaled(1500000)) as numbers(k)
)
select
    drawn.k, npi(drawn.k) as npi, found.taxonomy, found.specialty, found.published,
    found.specialty = 'Orthopedic Surgery' as is_surgeon,
    surname(drawn.s) as last_name, forename(drawn.f) as first_name, whole(drawn.k, 'house', 9900) || ' Main St' as street,
    zips.zip5, zips.city, zips.state,
    -- A quarter never bills Medicare; of the others a few bill for hundreds of services, most for a handful.
    case when drawn.w < 0.25 then 0 else least(250, 1 + round(4.1 * pow(1.0000001 - (drawn.w - 0.25) / 0.75, -0.6))) end as codes
from drawn
inner join zips on drawn.z = zips.n
asof join (select *, coalesce(lag(below) over (order by below), 0) as above from specialties) as found on drawn.u >= found.above
order by drawn.k;

create table facilities as
select f, lpad(cast(10001 + f * 7 as varchar), 6, '0') as ccn, facility_npi(f) as npi, surname(whole(f, 'name', 40000)) || ' '
        || pick(f, 'kind', ['Memorial Hospital', 'Medical Center', 'Regional Hospital', 'Surgery Center']) as name,
    zips.zip5, zips.city, zips.state
from range(greatest(60, scaled(5400))) as numbers(f)
inner join zips on whole(f, 'zip', (select count(*) from zips) // 6) = zips.n;

-- Surgeons come first wherever the company or its claims look for people.
create table ranked as select k, npi, is_surgeon, row_number() over (order by is_surgeon desc, hash(k, 'rank'), k) - 1 as n from people;
create table surgeons as select count(*) as n from people where is_surgeon;
create table claim_people as select *, row_number() over (order by n) - 1 as place_in_claims from ranked
where is_surgeon or chance(k, 'in claims', 0.10);
