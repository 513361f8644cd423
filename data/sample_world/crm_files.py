"""The Salesforce export: one CSV an object, with the habits of real exports.

Some objects come with 15-character Ids, some with 1/0 for true and false, one in Windows-1252; extra columns ride along.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sample_world.clock import as_of_day, fiscal_quarter, month_number
from sample_world.company import STAGES
from sample_world.crm_structure import Structure
from sample_world.deals import OPEN_STAGES, WON
from sample_world.dirt import spoil
from sample_world.files import iso_dates, iso_times, write_csv
from sample_world.geography import Geography
from sample_world.identifiers import salesforce_ids, without_suffix
from sample_world.orders import family_names
from sample_world.pipeline import Pipeline
from sample_world.streams import stream


def pick(ids: pd.Series | np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Ids of the given rows; a negative row has none."""
    ids, rows = np.asarray(ids, dtype=object), np.asarray(rows).astype(int)
    return np.where(rows >= 0, ids[rows], None)


def truth_word(flag: np.ndarray) -> np.ndarray:
    """true or false as Data Loader writes it."""
    return np.where(np.asarray(flag, dtype=bool), "true", "false").astype(object)


def one_or_zero(flag: np.ndarray) -> np.ndarray:
    """1 or 0 as the weekly export writes it."""
    return np.where(np.asarray(flag, dtype=bool), "1", "0").astype(object)


def write_structure(seed: int, geography: Geography, structure: Structure, folder: Path) -> dict[str, int]:
    """User, Territory2, UserTerritory2Association, Account, Contact."""
    users, accounts, contacts = structure.users, structure.accounts, structure.contacts
    rows = {"User": pd.DataFrame({
        "Id": users.id, "Name": users.name, "Email": users.email, "IsActive": truth_word(users.is_active),
        "ManagerId": pick(users.id, users.manager), "Title": users.title, "Start_Date__c": iso_dates(users.started),
        "LanguageLocaleKey": "en_US",
    })}  # fmt: skip
    rows["Territory2"], rows["UserTerritory2Association"] = _territories(geography, structure)
    owner = structure.rep_now[accounts.territory]
    rows["Account"] = pd.DataFrame({
        "Id": accounts.id, "Name": accounts["name"], "Type": accounts.type, "ParentId": pick(accounts.id, accounts.parent),
        "CCN__c": accounts.ccn, "NPI__c": accounts.npi, "GPO__c": accounts.gpo, "BillingStreet": accounts.street,
        "BillingCity": accounts.city, "BillingState": accounts.state, "BillingPostalCode": accounts.zip5,
        "OwnerId": pick(users.id, owner), "CreatedDate": iso_times(accounts.created.to_numpy()),
        "LastModifiedDate": iso_times(np.full(len(accounts), np.datetime64("2026-06-01T14:00:00"))), "IsDeleted": "false",
    })  # fmt: skip
    rng = stream(seed, "contact dirt")
    first = contacts["first"].to_numpy(dtype=object, copy=True)
    for row in rng.choice(len(first), size=max(1, len(first) // 400), replace=False):
        first[row] = f" {first[row]} "
    modified = np.minimum(
        contacts.created.to_numpy().astype("datetime64[D]") + rng.integers(0, 900, size=len(contacts)), as_of_day()
    )
    rows["Contact"] = pd.DataFrame({
        "Id": contacts.id, "AccountId": pick(accounts.id, contacts.account), "FirstName": first, "LastName": contacts["last"],
        "Title": contacts.title, "NPI__c": contacts.npi, "Specialty__c": contacts.specialty, "Stakeholder_Role__c": contacts.role,
        "MailingStreet": np.where(np.arange(len(contacts)) % 50 == 7, contacts.street + "\nSuite 200", contacts.street),
        "MailingCity": contacts.city, "MailingState": contacts.state,
        "MailingPostalCode": np.where(np.arange(len(contacts)) % 9 == 4, contacts.zip5 + "-4410", contacts.zip5),
        "Phone": contacts.phone, "Email": contacts.id.str[9:15].str.lower() + "@clinic.example",
        "DoNotCall": truth_word(contacts.do_not_call), "HasOptedOutOfEmail": truth_word(contacts.opted_out),
        "Target__c": truth_word(contacts.on_list), "OwnerId": pick(users.id, structure.rep_now[contacts.territory]),
        "CreatedDate": iso_times(contacts.created.to_numpy()), "LastModifiedDate": iso_times(modified),
        "IsDeleted": truth_word(contacts.is_duplicate & (rng.random(len(contacts)) < 0.1)), "LeadSource": "Web",
    })  # fmt: skip
    style = {"Account": {"encoding": "cp1252"}, "Contact": {"encoding": "utf-8-sig"}}
    return {
        name: write_csv(folder / f"{name}.csv", table.astype(object), **style.get(name, {}))
        for name, table in rows.items()
    }


def _territories(geography: Geography, structure: Structure) -> tuple[pd.DataFrame, pd.DataFrame]:
    table, ids = geography.territories, structure.territory_ids
    count = len(table)
    regions = [f"R{n}" for n in (1, 2, 3)]
    names = table.drop_duplicates("region_id").set_index("region_id").region
    parent = ids[count + table.region_id.str[1:].astype(int).to_numpy() - 1]
    territories = pd.DataFrame({
        "Id": ids, "Name": [*table.name, *(names.get(r, r) for r in regions), "Robotics"],
        "DeveloperName": [*table.territory_id, *regions, "ROBOTICS"], "ParentTerritory2Id": [*parent, None, None, None, ids[count]],
    })  # fmt: skip
    users = structure.users
    formers = np.flatnonzero(structure.rep_before != structure.rep_now)
    user = np.concatenate([structure.rep_now, structure.rep_before[formers], [1, 2, 3], [len(users) - 2]])
    place = np.concatenate([np.arange(count), formers, count + np.arange(3), [count + 3]])
    association = pd.DataFrame({
        "Id": salesforce_ids("UserTerritory2Association", len(user)), "UserId": pick(users.id, user), "Territory2Id": ids[place],
        "IsActive": truth_word(users.is_active.to_numpy()[user]),
        "RoleInTerritory2": np.where(np.isin(user, [1, 2, 3]), "Manager", "Sales Representative"),
    })  # fmt: skip
    return territories, association


def write_activity(seed: int, structure: Structure, activity: pd.DataFrame, folder: Path) -> dict[str, int]:
    """Task and Event; tasks show a day, events a start and an end."""
    contacts = structure.contacts
    table = pd.DataFrame({
        "WhoId": pick(contacts.id, activity.contact),
        "WhatId": pick(structure.accounts.id, contacts.account.to_numpy()[activity.contact]),
        "OwnerId": pick(structure.users.id, activity.owner), "Subject": activity.subject, "Type": activity.kind,
        "Status": activity.status, "CreatedDate": iso_times(activity.created.to_numpy()),
    })  # fmt: skip
    is_task = activity.is_task.to_numpy()
    task, event = table[is_task].copy(), table[~is_task].copy()
    task.insert(0, "Id", salesforce_ids("Task", len(task)))
    task["Status"] = task.Status.fillna("Completed").replace({"Held": "Completed", "Planned": "Not Started"})
    task["ActivityDate"] = iso_dates(activity.start.to_numpy()[is_task])
    task["IsDeleted"] = one_or_zero(activity.is_deleted[is_task])
    event.insert(0, "Id", salesforce_ids("Event", len(event)))
    event["StartDateTime"] = iso_times(activity.start.to_numpy()[~is_task])
    event["EndDateTime"] = iso_times(activity.end.to_numpy()[~is_task])
    event["IsDeleted"] = truth_word(activity.is_deleted[~is_task])
    task = spoil(seed, "Task", task, day="ActivityDate", share=0.001)
    event = spoil(seed, "Event", event, day="StartDateTime", share=0.0005)
    return {
        "Task": write_csv(folder / "Task.csv", task.astype(object)),
        "Event": write_csv(folder / "Event.csv", event.astype(object)),
    }


def write_pipeline(structure: Structure, pipeline: Pipeline, folder: Path) -> dict[str, int]:
    """Opportunity, OpportunityHistory, ForecastingItem, Quota."""
    users, contacts = structure.users, structure.contacts
    deals = pipeline.opportunities
    ids = pd.Series(salesforce_ids("Opportunity", len(deals)), index=deals.index)
    names = STAGES.crm_stage_name.to_numpy(dtype=object)
    contact = structure.contact_of[deals.provider]
    family = family_names(deals.family)
    stage = deals.stage.to_numpy()
    category = {1: "Pipeline", 2: "Pipeline", 3: "Best Case", 4: "Best Case", 5: "Commit", 6: "Closed", 7: "Omitted"}
    opportunity = pd.DataFrame({
        "Id": ids, "AccountId": pick(structure.accounts.id, contacts.account.to_numpy()[contact]),
        "Primary_Contact__c": pick(contacts.id, contact), "OwnerId": pick(users.id, deals.owner),
        "Name": contacts["last"].to_numpy(dtype=object)[contact] + " - " + family,
        "Type": np.where(deals.is_expansion, "Existing Business", "New Business"), "Procedure_Family__c": family,
        "StageName": names[stage - 1], "Probability": deals.probability.astype(int),
        "ForecastCategoryName": [category[s] for s in stage], "Amount": deals.amount_now, "CloseDate": iso_dates(deals.close_on),
        "CreatedDate": iso_times(deals.created_at.to_numpy()),
        "IsClosed": truth_word(stage > OPEN_STAGES), "IsWon": truth_word(stage == WON),
        "LastModifiedDate": iso_times(deals.modified.to_numpy()), "IsDeleted": truth_word(deals.is_deleted),
        "NextStep": np.where(deals.index % 40 == 3, 'Send "final" price list', None),
    })  # fmt: skip
    past = pipeline.history
    history = pd.DataFrame({
        "Id": salesforce_ids("OpportunityHistory", len(past)), "OpportunityId": ids.reindex(past.deal).to_numpy(),
        "StageName": names[past.stage - 1], "Probability": past.probability.astype(int), "Amount": past.amount_now,
        "CloseDate": iso_dates(past.close_on), "ForecastCategory": past.category, "CreatedDate": iso_times(past["at"].to_numpy()),
    })  # fmt: skip
    commits, quotas = pipeline.commits, pipeline.quotas
    items = pd.DataFrame({
        "Id": salesforce_ids("ForecastingItem", len(commits)), "OwnerId": pick(users.id, commits.rep),
        "Period_Start__c": iso_dates(commits.quarter), "Submitted_On__c": iso_dates(commits.submitted_on),
        "ForecastCategoryName": commits.category, "ForecastAmount": commits.amount,
    })  # fmt: skip
    quota = pd.DataFrame({
        "OwnerId": without_suffix(pick(users.id, quotas.rep)), "Period_Start__c": iso_dates(quotas.quarter), "QuotaAmount": quotas.quota,
    })  # fmt: skip
    tables = {"Opportunity": opportunity, "OpportunityHistory": history, "ForecastingItem": items, "Quota": quota}
    return {name: write_csv(folder / f"{name}.csv", table) for name, table in tables.items()}


def write_orders(
    structure: Structure, pipeline: Pipeline, orders: pd.DataFrame, items: pd.DataFrame, folder: Path
) -> dict[str, int]:
    """Order and OrderItem; a customer's first orders point to the deal that won it, where there is one."""
    deals = pipeline.opportunities
    deal_ids = pd.Series(salesforce_ids("Opportunity", len(deals)), index=deals.index)
    won = deals[(deals.stage == WON)].sort_values("close_on").drop_duplicates("provider")
    won = pd.DataFrame({"provider": won.provider, "deal_id": deal_ids.reindex(won.index), "won_on": won.close_on})
    merged = orders.merge(won, on="provider", how="left", validate="m:1")
    linked = (merged.won_on <= merged.day) & (
        fiscal_quarter(merged.day.to_numpy()) == fiscal_quarter(merged.won_on.to_numpy())
    )
    ids = salesforce_ids("Order", len(orders))
    account = structure.contacts.account.to_numpy()[orders.contact]
    order = pd.DataFrame({
        "Id": ids, "AccountId": pick(structure.accounts.id, account), "Surgeon__c": pick(structure.contacts.id, orders.contact),
        "OpportunityId": merged.deal_id.where(linked, None), "OwnerId": pick(structure.users.id, orders.owner),
        "EffectiveDate": iso_dates(orders.day), "Status": orders.status, "TotalAmount": orders.total,
    })  # fmt: skip
    item = pd.DataFrame({
        "Id": salesforce_ids("OrderItem", len(items)), "OrderId": ids[items.order], "Procedure_Family__c": family_names(items.family),
        "Quantity": items.quantity, "UnitPrice": items.price,
    })  # fmt: skip
    return {"Order": write_csv(folder / "Order.csv", order), "OrderItem": write_csv(folder / "OrderItem.csv", item)}


def write_marketing(
    structure: Structure,
    campaigns: pd.DataFrame,
    members: pd.DataFrame,
    sightings: pd.DataFrame,
    contracts: pd.DataFrame,
    folder: Path,
) -> dict[str, int]:
    """Campaign, CampaignMember, Competitor_Activity__c (15-character Ids) and Contract."""
    accounts, contacts = structure.accounts, structure.contacts
    ids = salesforce_ids("Campaign", len(campaigns))
    campaign = pd.DataFrame({
        "Id": ids, "Name": campaigns.name, "Type": campaigns.type, "Procedure_Family__c": campaigns.family,
        "StartDate": iso_dates(campaigns.start), "EndDate": iso_dates(campaigns.end), "BudgetedCost": campaigns.budget,
    })  # fmt: skip
    member = pd.DataFrame({
        "Id": without_suffix(salesforce_ids("CampaignMember", len(members))), "CampaignId": without_suffix(ids)[members.campaign],
        "ContactId": without_suffix(pick(contacts.id, members.contact)),
        "Status": np.where(members.has_responded, "Responded", "Sent"), "HasResponded": one_or_zero(members.has_responded),
        "FirstRespondedDate": iso_dates(members.responded), "CreatedDate": iso_times(members.created.to_numpy()),
    })  # fmt: skip
    owner = structure.owner(sightings.territory.to_numpy(), month_number(sightings.observed.to_numpy()))
    sighting = pd.DataFrame({
        "Id": without_suffix(salesforce_ids("Competitor_Activity__c", len(sightings))),
        "Account__c": without_suffix(pick(accounts.id, sightings.account)),
        "Contact__c": without_suffix(pick(contacts.id, sightings.contact)), "Competitor__c": sightings.competitor,
        "Observed_On__c": iso_dates(sightings.observed), "OwnerId": without_suffix(pick(structure.users.id, owner)),
    })  # fmt: skip
    ended = contracts.ends_on.to_numpy().astype("datetime64[D]") < as_of_day()
    contract = pd.DataFrame({
        "Id": salesforce_ids("Contract", len(contracts)), "AccountId": pick(accounts.id, contracts.facility),
        "StartDate": iso_dates(contracts.starts_on), "EndDate": iso_dates(contracts.ends_on),
        "Status": np.where(ended, "Expired", "Activated"), "Supplier__c": contracts.supplier, "Procedure_Family__c": contracts.family,
    })  # fmt: skip
    tables = {"Campaign": campaign, "CampaignMember": member, "Competitor_Activity__c": sighting, "Contract": contract}
    return {
        name: write_csv(folder / f"{name}.csv", table.astype(object) if name != "Campaign" else table)
        for name, table in tables.items()
    }
