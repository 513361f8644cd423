"""What orchestration itself must know of the company: its name and its time zone.

Everything else of `company/` reaches the warehouse through the border. Not here: any check; a broken file is the border's to refuse.
"""

from pathlib import Path

from dagster_project.ingest.company import Company, read_settings
from dagster_project.ingest.decode import FileFault


def company_of(landing: Path) -> dict:
    """Settings of `company/company.yml`; where there is none that can be read, a nameless company in UTC."""
    path = landing / "company" / "company.yml"
    try:
        return read_settings(path.read_bytes())
    except (OSError, FileFault):
        return Company(name="your company").model_dump()
