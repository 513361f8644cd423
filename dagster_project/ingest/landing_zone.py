"""Is there anything to refresh from? Looked at before a run starts, so that its answer comes at once and in words.

Belongs here: what no refresh can do without. Not here: whether the rows of a file are good (`border`).
"""

import re
from pathlib import Path

from dagster_project.ingest.contents import SOURCES
from dagster_project.ingest.decode import FileFault
from dagster_project.ingest.recognise import find_files


def check_landing(landing: Path) -> list[str]:
    """What the landing zone lacks, in words: `company/` with its files, and one CRM."""
    problems = []
    company = next(source for source in SOURCES if source.name == "company")
    folder = landing / company.folder
    files = [path for _, path in find_files(company, landing)]
    for table in company.required:
        contract = company.contract(table)
        found = [path for path in files if re.search(contract.pattern, path.name.lower())]
        if not found:
            problems.append(
                f"{folder / contract.file_name} is missing; write it as the landing zone's description says"
            )
        elif contract.document:
            try:
                contract.document(found[0].read_bytes())
            except FileFault as fault:
                problems.append(f"{found[0]}: {fault}")
    crms = [source for source in SOURCES if source.is_alternative]
    if not any(True for source in crms for _ in find_files(source, landing)):
        folders = ", ".join(f"{source.folder}/" for source in crms)
        problems.append(f"{landing / 'crm'} holds no CRM export; put the CSV files of one CRM into one of {folders}")
    return problems
