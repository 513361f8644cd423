"""The sample's Salesforce export, said again in the exports of other CRMs.

Belongs here: the same facts in another form. Not here: any expectation. Ids stay what they are in `as_several_crms`, so that marts
can be compared row by row; `as_hubspot_alone` numbers every record anew, as HubSpot does.
"""

import shutil
from pathlib import Path

import pandas as pd

IN_PLACE = ("completed", "held", "submitted")


class Export:
    """The Salesforce files of a landing zone as text."""

    def __init__(self, landing: Path) -> None:
        self.folder = landing / "crm" / "salesforce"

    def read(self, name: str) -> pd.DataFrame:
        encoding = "cp1252" if name == "Account" else "utf-8-sig"
        table = pd.read_csv(self.folder / f"{name}.csv", dtype=str, keep_default_na=False, encoding=encoding)
        for column in table.columns:
            if column == "Id" or column.endswith("Id") or column in ("Primary_Contact__c", "Surgeon__c"):
                table[column] = [long_id(value) for value in table[column]]
        return table

    def present(self, name: str) -> pd.DataFrame:
        table = self.read(name)
        return table[~table.IsDeleted.isin(["true", "1"])]


def long_id(text: str) -> str:
    """The 18-character form of a Salesforce Id, by the rule as Salesforce states it."""
    if len(text) != 15:
        return text
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    parts = (text[start : start + 5] for start in (0, 5, 10))
    return text + "".join(alphabet[sum(c.isupper() << place for place, c in enumerate(part))] for part in parts)


def write(folder: Path, name: str, columns: dict[str, pd.Series | str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(columns).to_csv(folder / f"{name}.csv", index=False)


def _took_place(activities: pd.DataFrame, is_event: bool) -> pd.Series:
    missed = activities.Subject.str.lower().str.match(r"cancel|missed|no.show")
    silent = (activities.Status == "") & ~missed if is_event else False
    return activities.Status.str.lower().isin(IN_PLACE) | silent


def as_several_crms(source: Path, landing: Path) -> None:
    """Persons, tasks and a third of the events in Veeva, a third each in OCE and HubSpot, deals in HubSpot; the rest stays."""
    shutil.copytree(source, landing, dirs_exist_ok=True)
    export, crm = Export(source), landing / "crm"
    for gone in ("Contact", "Task", "Event", "Opportunity", "OpportunityHistory"):
        (crm / "salesforce" / f"{gone}.csv").unlink()
    persons_in_veeva(export.read("Contact"), crm / "veeva")
    _cycle_plans(export, crm / "veeva")
    tasks, events = export.read("Task"), export.read("Event")
    place = events.Id.map(lambda record: sum(record.encode()) % 3)  # a record that was exported twice stays in one CRM
    veeva, oce, hubspot = events[place == 0], events[place == 1], events[(place == 2) & (events.IsDeleted == "false")]
    calls = pd.concat([
        tasks.assign(day=tasks.ActivityDate, StartDateTime="", EndDateTime="", took_place=_took_place(tasks, False)),
        veeva.assign(day="", took_place=_took_place(veeva, True)),
    ])  # fmt: skip
    start, end = (
        pd.to_datetime(calls[f"{edge}DateTime"], format="ISO8601", utc=True, errors="coerce")
        for edge in ("Start", "End")
    )
    minutes = (end - start).dt.total_seconds() // 60
    write(crm / "veeva", "Call2_vod__c", {
        "Id": calls.Id, "Account_vod__c": calls.WhoId, "OwnerId": calls.OwnerId, "Call_Date_vod__c": calls.day,
        "Call_Datetime_vod__c": calls.StartDateTime, "Call_Type_vod__c": calls.Type, "Duration_vod__c": minutes,
        "Status_vod__c": calls.took_place.map({True: "Submitted_vod", False: "Planned_vod"}),
        "CreatedDate": calls.CreatedDate, "IsDeleted": calls.IsDeleted,
    })  # fmt: skip
    write(crm / "oce", "OCE__Call__c", {
        "Id": oce.Id, "OCE__Account__c": oce.WhoId, "OwnerId": oce.OwnerId, "OCE__CallDateTime__c": oce.StartDateTime,
        "OCE__CallType__c": oce.Type, "OCE__Status__c": _took_place(oce, True).map({True: "Submitted", False: "Draft"}),
        "CreatedDate": oce.CreatedDate, "IsDeleted": oce.IsDeleted,
    })  # fmt: skip
    users = export.read("User").set_index("Id").Email
    _meetings(hubspot, hubspot.Id, hubspot.OwnerId.map(users), hubspot.WhoId, crm / "hubspot")
    deals = export.present("Opportunity")
    _deals(export, deals, deals.Id, deals.AccountId, deals.Primary_Contact__c, crm / "hubspot")


def persons_in_veeva(contacts: pd.DataFrame, folder: Path) -> None:
    write(folder, "Account", {
        "Id": contacts.Id, "Name": contacts.LastName + " " + contacts.FirstName, "FirstName": contacts.FirstName,
        "LastName": contacts.LastName, "IsPersonAccount": "true", "Primary_Parent_vod__c": contacts.AccountId,
        "PersonTitle": contacts.Title, "NPI_vod__c": contacts.NPI__c, "Specialty_1_vod__c": contacts.Specialty__c,
        "Stakeholder_Role__c": contacts.Stakeholder_Role__c, "PersonMailingCity": contacts.MailingCity,
        "PersonMailingState": contacts.MailingState, "PersonMailingPostalCode": contacts.MailingPostalCode, "Phone": contacts.Phone,
        "PersonEmail": contacts.Email, "PersonDoNotCall": contacts.DoNotCall, "OwnerId": contacts.OwnerId,
        "CreatedDate": contacts.CreatedDate, "LastModifiedDate": contacts.LastModifiedDate, "IsDeleted": contacts.IsDeleted,
    })  # fmt: skip


def _cycle_plans(export: Export, folder: Path) -> None:
    """A plan of each user for last autumn, with those whom they own, and one without a cycle yet, with one target: their next ones belong there."""
    users, contacts = export.read("User").Id, export.present("Contact")
    ids, autumn, next_one = (users.str.replace("005", prefix, n=1) for prefix in ("a1T", "a1A", "a1P"))
    write(folder, "MC_Cycle_vod__c", {
        "Id": pd.Series(["a1C000000000001AAA"]), "Start_Date_vod__c": "2025-07-01", "End_Date_vod__c": "2025-12-31",
        "Status_vod__c": "Completed_vod", "IsDeleted": "false",
    })  # fmt: skip
    write(folder, "MC_Cycle_Plan_vod__c", {
        "Id": pd.concat([autumn, next_one]), "Cycle_vod__c": ["a1C000000000001AAA"] * len(users) + [""] * len(users), "IsDeleted": "false",
    })  # fmt: skip
    write(folder, "MC_Cycle_Plan_Target_vod__c", {
        "Id": pd.concat([ids, contacts.Id.str.replace("003", "a1U", n=1)]),
        "Target_vod__c": [contacts.Id.iloc[0]] * len(users) + [*contacts.Id],
        "OwnerId": pd.concat([users, contacts.OwnerId]),
        "Cycle_Plan_vod__c": pd.concat([next_one, contacts.OwnerId.str.replace("005", "a1A", n=1)]),
        "Planned_Interactions_vod__c": "3",
        "CreatedDate": ["2026-01-05T09:00:00.000+0000"] * len(users) + ["2025-06-20T09:00:00.000+0000"] * len(contacts),
        "IsDeleted": "false",
    })  # fmt: skip


def _meetings(events: pd.DataFrame, ids: pd.Series, owners: pd.Series, contacts: pd.Series, folder: Path) -> None:
    outcome = _took_place(events, True).map({True: "Completed", False: "No Show"})
    write(folder, "meetings", {
        "Record ID": ids, "Meeting name": events.Subject, "Call and meeting type": events.Type, "Meeting outcome": outcome,
        "Meeting start time": events.StartDateTime, "Meeting end time": events.EndDateTime, "Activity assigned to": owners,
        "Associated Contact IDs": contacts, "Create date": events.CreatedDate,
    })  # fmt: skip


def _deals(
    export: Export, deals: pd.DataFrame, ids: pd.Series, accounts: pd.Series, contacts: pd.Series, folder: Path
) -> None:
    """Every second owner by e-mail address; a deal of the first focus family without a family."""
    first_focus = pd.read_csv(export.folder.parents[1] / "company" / "procedure_families.csv", dtype=str)
    family = first_focus[first_focus.is_focus.str.lower().isin(["true", "1"])].procedure_family.iloc[0]
    emails = deals.OwnerId.map(export.read("User").set_index("Id").Email)
    by_id = pd.Series([row % 2 == 0 for row in range(len(deals))], deals.index) & ids.eq(deals.Id)
    write(folder, "deals", {
        "Record ID": ids, "Deal Name": deals.Name, "Deal Stage": deals.StageName, "Amount": deals.Amount,
        "Deal Probability": pd.to_numeric(deals.Probability) / 100, "Deal owner": deals.OwnerId.where(by_id, emails.str.upper()),
        "Procedure Family": deals.Procedure_Family__c.where(deals.Procedure_Family__c != family, ""),
        "Associated Company IDs": accounts, "Associated Contact IDs": contacts, "Close Date": deals.CloseDate,
        "Create Date": deals.CreatedDate, "Last Modified Date": deals.LastModifiedDate,
    })  # fmt: skip
    history = export.read("OpportunityHistory")
    history = history[history.OpportunityId.isin(deals.Id)]
    numbers = history.OpportunityId.map(dict(zip(deals.Id, ids, strict=True)))
    write(folder, "deal_stage_history", {
        "Record ID": numbers, "Deal Stage": history.StageName, "Entered Date": history.CreatedDate,
    })  # fmt: skip


def as_hubspot_alone(source: Path, landing: Path) -> None:
    """Accounts, contacts, activities and deals under HubSpot's own numbers; owners by address; no user, territory or order."""
    for part in source.iterdir():
        if part.name != "crm":
            shutil.copytree(part, landing / part.name)
    export, folder = Export(source), landing / "crm" / "hubspot"
    accounts, contacts = export.present("Account"), export.present("Contact")
    deals, events, tasks = (export.present(name) for name in ("Opportunity", "Event", "Task"))
    users = export.read("User").set_index("Id").Email
    # Each object counts from one: the same number is a contact, a company, a deal and a meeting.
    number = {
        name: dict(zip(table.Id, map(str, range(1, len(table) + 1)), strict=True))
        for name, table in (("account", accounts), ("contact", contacts), ("deal", deals), ("event", events), ("task", tasks))
    }  # fmt: skip
    write(folder, "companies", {
        "Record ID": accounts.Id.map(number["account"]), "Company name": accounts.Name, "Type": accounts.Type,
        "Parent Company ID": accounts.ParentId.map(number["account"]), "CCN": accounts.CCN__c, "NPI": accounts.NPI__c,
        "GPO": accounts.GPO__c, "City": accounts.BillingCity, "State/Region": accounts.BillingState,
        "Postal Code": accounts.BillingPostalCode, "Create Date": accounts.CreatedDate,
    })  # fmt: skip
    write(folder, "contacts", {
        "Record ID": contacts.Id.map(number["contact"]), "First Name": contacts.FirstName, "Last Name": contacts.LastName,
        "Job Title": contacts.Title, "NPI": contacts.NPI__c, "Specialty": contacts.Specialty__c,
        "Stakeholder Role": contacts.Stakeholder_Role__c, "City": contacts.MailingCity, "State/Region": contacts.MailingState,
        "Postal Code": contacts.MailingPostalCode, "Phone Number": contacts.Phone, "Email": contacts.Email,
        "Do not call": contacts.DoNotCall, "Associated Company IDs": contacts.AccountId.map(number["account"]),
        "Create Date": contacts.CreatedDate,
    })  # fmt: skip
    _meetings(
        events, events.Id.map(number["event"]), events.OwnerId.map(users), events.WhoId.map(number["contact"]), folder
    )
    write(folder, "calls", {
        "Record ID": tasks.Id.map(number["task"]), "Call Title": tasks.Subject, "Call and meeting type": tasks.Type,
        "Call outcome": tasks.Status, "Activity date": tasks.ActivityDate + " 16:00", "Activity assigned to": tasks.OwnerId.map(users),
        "Associated Contact IDs": tasks.WhoId.map(number["contact"]), "Create date": tasks.CreatedDate,
    })  # fmt: skip
    where, who = deals.AccountId.map(number["account"]), deals.Primary_Contact__c.map(number["contact"])
    _deals(export, deals, deals.Id.map(number["deal"]), where, who, folder)
