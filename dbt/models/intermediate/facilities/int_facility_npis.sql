with

accounts as (

    select * from {{ ref('int_crm_accounts_united') }}

),

organizations as (

    select * from {{ ref('int_nppes_known') }}
    where entity_type_code = '2'

),

hospitals as (

    select * from {{ ref('int_hospitals_known') }}

),

-- The CRM may hold both numbers of a hospital; else its name and ZIP in the registry tell, if they mean one hospital only.
from_accounts as (

    select
        npi,
        min(lpad(ccn, 6, '0')) as facility_id,
        1 as priority
    from accounts
    where npi is not null and ccn is not null
    group by npi

),

from_names as (

    select
        organizations.npi,
        min(hospitals.facility_id) as facility_id,
        2 as priority
    from organizations
    inner join hospitals
        on
            organizations.zip5 = hospitals.zip5
            and {{ normal_name('organizations.organization_name') }} = {{ normal_name('hospitals.name') }}
    group by organizations.npi
    having count(*) = 1

),

either as (

    select * from from_accounts
    union all
    select * from from_names

),

ranked as (

    select
        npi,
        facility_id,
        row_number() over (partition by npi order by priority) as preference
    from either

),

final as (

    select {{ star_without('preference') }}
    from ranked
    where preference = 1

)

select * from final
order by npi
