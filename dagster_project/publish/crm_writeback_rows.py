"""Which target is written to which CRM record, and what of that a CRM does not hold yet.

Belongs here: the two questions, in SQL over the release. Not here: how a CRM wants to be told (`crm_writeback_layouts`).
Only marts that a rep may see are read: why somebody is not on the list is nobody's business here.
"""

from collections.abc import Sequence
from typing import Any

import duckdb

# One row a target and CRM, as the CRM should hold it.
COLUMNS = {
    "crm": "VARCHAR",
    "external_id": "VARCHAR",
    "npi": "VARCHAR",
    "contact_id": "VARCHAR",
    "account_id": "VARCHAR",
    "cycle_plan_id": "VARCHAR",
    "owner_id": "VARCHAR",
    "rep_id": "VARCHAR",
    "territory_id": "VARCHAR",
    "tier": "VARCHAR",
    "rank": "BIGINT",
    "calls_per_quarter": "BIGINT",
    "change": "VARCHAR",
    "change_reason": "VARCHAR",
    "why": "VARCHAR",
}

# Whoever is held out is no target for the field, nor is whoever breaks a rule of the call plan.
_PLACED = """
    select
        crms.crm,
        targets.npi,
        records.record_id,
        records.is_person_account,
        plans.cycle_plan_id,
        targets.rep_id,
        targets.territory_id,
        targets.tier,
        targets.rank,
        targets.calls_per_quarter,
        targets.change,
        targets.change_reason,
        targets.why,
        case
            when records.record_id is null then 'no contact is linked to the provider'
            when crms.crm = 'veeva' and plans.cycle_plan_id is null then 'the rep has no cycle plan'
            when list_contains($by_npi, crms.crm) and records.link_basis <> 'crm_npi'
                then 'the contact does not hold the NPI that is to find it'
        end as cause
    from release.target_list as targets
    cross join (select distinct crm from warehouse.intermediate.int_crm_records) as crms
    left join warehouse.intermediate.int_crm_records as records
        on records.crm = crms.crm and records.npi = targets.npi and records.stands_for_provider
    left join warehouse.intermediate.int_cycle_plans as plans
        on plans.rep_id = targets.rep_id
    where targets.assignment = 'treat' and coalesce(targets.is_compliant, true)
"""


def crms_of(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The CRMs of this home that hold people."""
    query = "select distinct crm from warehouse.intermediate.int_crm_records order by crm"
    return [crm for (crm,) in connection.execute(query).fetchall()]


def is_vault(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether Veeva's files are those of a Vault: they end with `__v`."""
    query = "select count(*) from release.source_versions where source = 'veeva' and accepted and regexp_matches(lower(file), '__v\\.')"
    return connection.execute(query).fetchone()[0] > 0


def place(connection: duckdb.DuckDBPyConnection, by_record: Sequence[str], by_npi: Sequence[str]) -> None:
    """Make the tables `tonight` and `without_contact`.

    Salesforce finds a target by its NPI and Veeva by plan and account; CRMs `by_record` find it by the record's own Id and
    those `by_npi` by a property of the contact that holds its NPI.
    """
    connection.execute(f"create table placed as {_PLACED}", {"by_npi": list(by_npi)})
    connection.execute(
        """
        create table tonight as
        select
            crm,
            case
                when list_contains($by_record, crm) then record_id
                when crm = 'veeva' then cycle_plan_id || '-' || record_id
                else npi
            end as external_id,
            npi,
            case when not is_person_account then record_id end as contact_id,
            case when is_person_account then record_id end as account_id,
            case when crm = 'veeva' then cycle_plan_id end as cycle_plan_id,
            case when crm = 'veeva' or regexp_full_match(rep_id, '005[A-Za-z0-9]{12}([A-Za-z0-9]{3})?') then rep_id end
                as owner_id,
            rep_id,
            territory_id,
            tier,
            rank,
            calls_per_quarter,
            change,
            change_reason,
            why
        from placed
        where cause is null
        order by crm, external_id
        """,
        {"by_record": list(by_record)},
    )
    connection.execute(
        """
        create table without_contact as
        select
            placed.crm, placed.cause, placed.npi, providers.first_name, providers.last_name, providers.credential,
            providers.specialty, providers.city, providers.state, providers.zip5, placed.territory_id, placed.rep_id, placed.tier,
            placed.rank, placed.calls_per_quarter, placed.why
        from placed
        left join release.providers as providers on placed.npi = providers.npi
        where placed.cause is not null
        order by placed.crm, placed.territory_id, placed.rank, placed.npi
        """
    )


def changes(
    connection: duckdb.DuckDBPyConnection, crm: str, held: Sequence[str], given: Sequence[str]
) -> list[dict[str, Any]]:
    """What is to be told to a CRM, by external id: rows of `tonight` that one of the tables `held` lacks or holds otherwise,
    and rows of the tables `given` that are no longer in it.

    That somebody was kept without a reason is no change: how he came to his place stays until something else changes.
    """
    same = " and ".join(f"held.{name} is not distinct from tonight.{name}" for name in COLUMNS if "change" not in name)
    same += " and (tonight.change = 'kept' and tonight.change_reason is null or held.change = tonight.change"
    same += " and held.change_reason is not distinct from tonight.change_reason)"
    lacking = " or ".join(f"not exists (select 1 from {table} as held where {same})" for table in held) or "true"
    shown = ", ".join(COLUMNS)
    earlier = (
        " union all ".join(f"select {shown}, {turn} as turn from {table}" for turn, table in enumerate(given))
        or f"select {shown}, 0 as turn from tonight where false"
    )
    result = connection.execute(
        f"""
        select {shown}, false as is_removal, false as is_of_ended_plan
        from tonight
        where crm = $crm and ({lacking})
        union all
        select
            {shown}, true as is_removal,
            exists (
                select 1 from tonight
                where tonight.rep_id = earlier.rep_id and tonight.cycle_plan_id <> earlier.cycle_plan_id
            ) as is_of_ended_plan
        from ({earlier}) as earlier
        where crm = $crm and external_id not in (select external_id from tonight where tonight.crm = $crm)
        qualify row_number() over (partition by external_id order by turn desc) = 1
        order by external_id
        """,
        {"crm": crm},
    )
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]
