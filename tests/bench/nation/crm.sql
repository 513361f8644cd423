-- A Salesforce org of the company's size, as it stands on `night`: 300 reps, 60,000 contacts, a million calls, 100,000 deals.
create table reps as select r, sf_id('005', r) as user_id, 'T' || lpad(cast(1 + r as varchar), 3, '0') as territory_id,
    sf_id('005', 90000 + r // 10) as manager_id from range(getvariable('territories')) as numbers(r);
create view "salesforce/user" as
select user_id as id, forename(r % 264) || ' ' || surname(r) as name, 'rep' || r || '@nation.example' as email, not chance(r, 'left', 0.05) as isactive,
    manager_id as managerid, 'Sales Representative' as title, day(r, 'start', date '2019-01-01', 2000) as start_date__c, 'crm/User.csv' as _file, r as _row from reps
union all
select manager_id, 'Manager ' || any_value(r // 10), 'manager' || any_value(r // 10) || '@nation.example', true, null, 'Regional Manager', date '2018-01-01',
    'crm/User.csv', 90000 + any_value(r // 10) from reps group by manager_id;
create view "salesforce/territory2" as
select sf_id('0MI', r) as id, 'Territory ' || territory_id as name, territory_id as developername, sf_id('0MI', 90000 + r // 10) as parentterritory2id,
    'crm/Territory2.csv' as _file, r as _row from reps
union all
select distinct sf_id('0MI', 90000 + r // 10), 'Region ' || r // 10, 'R' || r // 10, null, 'crm/Territory2.csv', 90000 + r // 10 from reps;
create view "salesforce/user_territory2_association" as select user_id as userid, sf_id('0MI', r) as territory2id, true as isactive,
    'Sales Representative' as roleinterritory2, 'crm/UserTerritory2Association.csv' as _file, r as _row from reps;

create table accounts as
select f as a, sf_id('001', f) as id, name, 'Hospital' as kind, ccn, npi, city, state, zip5 from facilities
union all
select 100000 + i, sf_id('001', 100000 + i), surname(whole(i, 'clinic', 40000)) || ' Orthopaedic Group', 'Clinic', null, null, zips.city, zips.state, zips.zip5
from range(scaled(15000)) as numbers(i) inner join zips on skewed(i, 'clinic zip', (select count(*) from zips), 2.0) = zips.n;
create view "salesforce/account" as
select id, name, kind as type, ccn as ccn__c, npi as npi__c, pick(a, 'gpo', ['Vizor', 'Premia', null]) as gpo__c, city as billingcity, state as billingstate,
    zip5 as billingpostalcode, sf_id('005', whole(a, 'owner', (select count(*) from reps))) as ownerid,
    timestamp '2020-01-15 00:00:00' as createddate, timestamp '2025-06-01 14:00:00' as lastmodifieddate, false as isdeleted, 'crm/Account.csv' as _file, a as _row
from accounts;

-- Every other contact is a surgeon while there are any; one in ten buys or administers; one in fifty stands there twice.
create table contacts as
select c, sf_id('003', c) as id, p.*, aligned.territory_id, chance(c, 'buyer', 0.1) as is_buyer,
    cast(day(c, 'created', date '2019-01-01', 2700) as timestamp) as created_at,
    (select id from accounts where a = 0) as first_account, 100000 + whole(c, 'account', scaled(15000)) as a
from (
    select c, case when chance(c, 'surgeon', 0.5) then whole(case when chance(c, 'twice', 0.02) then c - 1 else c end, 'who', surgeons.n)
        else whole(c, 'anyone', scaled(1500000)) end as n
    from range(scaled(60000)) as numbers(c) cross join surgeons
) as drawn
inner join ranked on drawn.n = ranked.n
inner join people as p on ranked.k = p.k
left join aligned on p.zip5 = aligned.zip5;
create view "salesforce/contact" as
select contacts.id, case when chance(c, 'hospital', 0.4) then sf_id('001', whole(c, 'site', (select count(*) from facilities))) else sf_id('001', a) end as accountid,
    case when is_buyer then forename(whole(c, 'buyer first', 264)) when chance(c, 'nickname', 0.1) then left(first_name, 4) else first_name end as firstname,
    case when is_buyer then surname(whole(c, 'buyer last', 40000)) else last_name end as lastname,
    case when is_buyer then 'Purchasing Manager' else 'Surgeon' end as title,
    case when is_buyer or chance(c, 'no npi', 0.25) then null when chance(c, 'wrong npi', 0.005) then npi(whole(c, 'other', scaled(1500000))) else npi end as npi__c,
    case when not is_buyer then specialty end as specialty__c, case when is_buyer then 'Buyer' else 'User' end as stakeholder_role__c,
    street as mailingstreet, city as mailingcity, state as mailingstate, zip5 as mailingpostalcode, chance(c, 'do not call', 0.01) as donotcall,
    false as hasoptedoutofemail, chance(c, 'target', 0.3) as target__c,
    sf_id('005', coalesce(cast(substr(territory_id, 2) as integer) - 1, whole(c, 'owner', (select count(*) from reps)))) as ownerid,
    created_at as createddate, created_at + interval 100 day as lastmodifieddate, false as isdeleted, 'crm/Contact.csv' as _file, c as _row
from contacts where created_at < cast(getvariable('night') as timestamp);

-- Three years of calls and one month ahead. What is recorded on the night itself or later is not there yet.
create table activities as
select e, called_on, contacts.id as who_id, sf_id('001', contacts.a) as what_id,
    sf_id('005', coalesce(cast(substr(contacts.territory_id, 2) as integer) - 1, whole(e, 'rep', (select count(*) from reps)))) as owner_id,
    pick(e, 'type', ['Call', 'Call', 'Call', 'Meeting', 'Remote Call', 'Case Attendance', 'Demo', 'Device Trial', 'Email']) as kind,
    cast(called_on - cast(skewed(e, 'ahead', 30, 2.0) as integer) as timestamp) + to_hours(14) as recorded_at,
    cast(called_on as timestamp) + to_hours(13 + whole(e, 'hour', 8)) as started_at
from (select e, day(e, 'called', date '2023-08-25', 1095) as called_on, skewed(e, 'contact', scaled(60000), 1.5) as c from range(scaled(1000000)) as numbers(e)) as calls
inner join contacts using (c);
create macro call_status(e, called_on) as case when called_on > getvariable('night') then 'Planned'
    when chance(e, 'missed', 0.1) then 'Cancelled' else 'Completed' end;
create view "salesforce/event" as
select sf_id('00U', e) as id, who_id as whoid, what_id as whatid, owner_id as ownerid, 'Visit' as subject, kind as type, call_status(e, called_on) as status,
    started_at as startdatetime, started_at + interval 30 minute as enddatetime, recorded_at as createddate, false as isdeleted, 'crm/Event.csv' as _file, e as _row
from activities where e % 10 < 6 and recorded_at < cast(getvariable('night') as timestamp) + interval 1 day;
create view "salesforce/task" as
select sf_id('00T', e) as id, who_id as whoid, what_id as whatid, owner_id as ownerid, 'Visit' as subject, kind as type, call_status(e, called_on) as status,
    called_on as activitydate, recorded_at as createddate, false as isdeleted, 'crm/Task.csv' as _file, e as _row
from activities where e % 10 >= 6 and recorded_at < cast(getvariable('night') as timestamp) + interval 1 day;

-- A deal moves a stage in some forty days; the history tells each step.
create table deals as
select o, contacts.id as contact_id, sf_id('001', contacts.a) as account_id,
    sf_id('005', coalesce(cast(substr(contacts.territory_id, 2) as integer) - 1, 0)) as owner_id,
    pick(o, 'family', ['knee_replacement', 'hip_replacement']) as family, 5000 + whole(o, 'amount', 200000) as amount,
    day(o, 'opened', date '2022-08-01', 1460) as opened_on, whole(o, 'last', 6) as last_step, chance(o, 'won', 0.3) as is_won
from range(scaled(100000)) as numbers(o) inner join contacts on skewed(o, 'contact', scaled(60000), 1.3) = contacts.c;
create table steps as
select *, cast(opened_on + 40 * cast(step as integer) as timestamp) + to_hours(15) as entered_at,
    case when step = 5 and is_won then 'Closed Won' when step = last_step and step > 1 and not is_won then 'Closed Lost'
        else ['Prospecting', 'Product Evaluation', 'Surgeon Trial', 'Value Analysis', 'Negotiation/Contracting', 'Negotiation/Contracting'][1 + step] end as stage
from (select *, unnest(range(case when is_won then 6 else last_step + 1 end)) as step from deals);
create view "salesforce/opportunity_history" as
select sf_id('008', o * 8 + step) as id, sf_id('006', o) as opportunityid, stage as stagename, 20 + 15 * step as probability, amount,
    opened_on + 200 as closedate, 'Pipeline' as forecastcategory, entered_at as createddate, 'crm/OpportunityHistory.csv' as _file, o * 8 + step as _row
from steps where entered_at < cast(getvariable('night') as timestamp) + interval 1 day;
create view "salesforce/opportunity" as
select sf_id('006', o) as id, account_id as accountid, contact_id as primary_contact__c, owner_id as ownerid, 'Deal ' || o as name, 'New Business' as type,
    family as procedure_family__c, arg_max(stage, step) as stagename, 20 + 15 * max(step) as probability, 'Pipeline' as forecastcategoryname, amount,
    case when arg_max(stage, step) like 'Closed%' then cast(max(entered_at) as date) else opened_on + 200 end as closedate,
    min(entered_at) as createddate, arg_max(stage, step) like 'Closed%' as isclosed, arg_max(stage, step) = 'Closed Won' as iswon,
    max(entered_at) as lastmodifieddate, false as isdeleted, 'crm/Opportunity.csv' as _file, o as _row
from steps where entered_at < cast(getvariable('night') as timestamp) + interval 1 day
group by o, account_id, contact_id, owner_id, family, amount, opened_on;

create table sales as
select q, contacts.id as surgeon_id, sf_id('001', contacts.a) as account_id, day(q, 'ordered', date '2022-08-01', 1460) as ordered_on,
    sf_id('005', coalesce(cast(substr(contacts.territory_id, 2) as integer) - 1, 0)) as owner_id, 1 + whole(q, 'quantity', 6) as quantity
from range(scaled(150000)) as numbers(q) inner join contacts on skewed(q, 'surgeon', scaled(20000), 1.5) = contacts.c;
create view "salesforce/order" as
select sf_id('801', q) as id, account_id as accountid, surgeon_id as surgeon__c, owner_id as ownerid, ordered_on as effectivedate,
    pick(q, 'status', ['Activated', 'Activated', 'Activated', 'Draft']) as status, quantity * 5000.0 as totalamount, 'crm/Order.csv' as _file, q as _row
from sales where ordered_on <= getvariable('night');
create view "salesforce/order_item" as
select sf_id('802', q) as id, sf_id('801', q) as orderid, pick(q, 'family', ['knee_replacement', 'hip_replacement']) as procedure_family__c, quantity,
    5000.0 as unitprice, 'crm/OrderItem.csv' as _file, q as _row from sales where ordered_on <= getvariable('night');
create view "salesforce/contract" as
select sf_id('800', a) as id, id as accountid, day(a, 'contract', date '2022-01-01', 1200) as startdate,
    cast(day(a, 'contract', date '2022-01-01', 1200) + interval 3 year as date) as enddate, 'Activated' as status,
    pick(a, 'supplier', ['Strydane', 'Zenith Biometrics', 'Nation Orthopaedics']) as supplier__c, 'crm/Contract.csv' as _file, a as _row
from accounts where chance(a, 'has contract', 0.3);
create view "salesforce/competitor_activity" as
select sf_id('a0C', i) as id, account_id as account__c, contact_id as contact__c, pick(i, 'seen', ['Strydane', 'Zenith Biometrics']) as competitor__c,
    opened_on as observed_on__c, owner_id as ownerid, 'crm/Competitor_Activity__c.csv' as _file, i as _row
from (select *, o as i from deals where o % 5 = 0) where opened_on <= getvariable('night');
create view "salesforce/campaign" as
select sf_id('701', i) as id, 'Webinar ' || i as name, 'Webinar' as type, pick(i, 'family', ['knee_replacement', 'hip_replacement']) as procedure_family__c,
    day(i, 'starts', date '2023-08-01', 1000) as startdate, day(i, 'starts', date '2023-08-01', 1000) + 30 as enddate, 50000 as budgetedcost,
    'crm/Campaign.csv' as _file, i as _row from range(greatest(5, scaled(100))) as numbers(i);
create view "salesforce/campaign_member" as
select sf_id('00v', m) as id, sf_id('701', whole(m, 'campaign', greatest(5, scaled(100)))) as campaignid, sf_id('003', whole(m, 'contact', scaled(60000))) as contactid,
    'Sent' as status, chance(m, 'responded', 0.1) as hasresponded, cast(null as date) as firstrespondeddate,
    cast(day(m, 'touched', date '2023-08-01', 1050) as timestamp) as createddate, 'crm/CampaignMember.csv' as _file, m as _row
from range(scaled(300000)) as numbers(m);
create view "salesforce/quota" as
select user_id as ownerid, quarter as period_start__c, 900000 as quotaamount, 'crm/Quota.csv' as _file, r * 100 + place as _row
from reps cross join (select place, cast(date '2022-05-01' + to_months(3 * cast(place as integer)) as date) as quarter from range(18) as c(place)) as quarters;
create view "salesforce/forecasting_item" as
select sf_id('0J9', r * 100 + place) as id, user_id as ownerid, quarter as period_start__c, quarter + 4 as submitted_on__c, 'Commit' as forecastcategoryname,
    700000 + whole(r * 100 + place, 'commit', 400000) as forecastamount, 'crm/ForecastingItem.csv' as _file, r * 100 + place as _row
from reps cross join (select place, cast(date '2022-05-01' + to_months(3 * cast(place as integer)) as date) as quarter from range(17) as c(place)) as quarters;
