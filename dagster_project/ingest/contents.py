"""The contents page of the border: which sources there are, and which module describes each of their tables.

A new source is one module that exports a `Contract` and one line here.
"""

from pathlib import Path

from dagster_project.ingest import company, hubspot, oce, salesforce, veeva
from dagster_project.ingest.contract import Source
from dagster_project.ingest.doctors_clinicians import DOCTORS_CLINICIANS
from dagster_project.ingest.facility_affiliation import FACILITY_AFFILIATION
from dagster_project.ingest.hospitals import HOSPITAL_GENERAL
from dagster_project.ingest.inpatient import INPATIENT
from dagster_project.ingest.medical_claim import MEDICAL_CLAIM
from dagster_project.ingest.nppes import NPPES
from dagster_project.ingest.open_payments import GENERAL, PROFILE_SUPPLEMENT
from dagster_project.ingest.open_payments_ownership import OWNERSHIP
from dagster_project.ingest.open_payments_research import RESEARCH
from dagster_project.ingest.part_d import PART_D
from dagster_project.ingest.provider_service import PROVIDER_SERVICE
from dagster_project.ingest.publications import ARTICLES, AUTHORS
from dagster_project.ingest.shared_patients import SHARED_PATIENTS
from dagster_project.ingest.state_rules import SHIPPED_STATE_RULES
from dagster_project.ingest.zip_centroids import ZIP_CENTROIDS

_NEEDED_OF_COMPANY = ("settings", "procedure_families", "pipeline_stages", "territory_alignment")
_REGISTRY = (NPPES, DOCTORS_CLINICIANS, FACILITY_AFFILIATION, HOSPITAL_GENERAL, SHARED_PATIENTS)

# One of them is enough; several at once are one CRM to whoever reads them.
_CRMS = tuple(
    Source(crm, f"crm/{crm}", module.CONTRACTS, field_names=module.field_names, names_decide=True, is_alternative=True)
    for crm, module in (("salesforce", salesforce), ("veeva", veeva), ("hubspot", hubspot), ("oce", oce))
)

SOURCES = (
    Source(
        "company", "company", company.CONTRACTS, required=_NEEDED_OF_COMPANY, gates=("restrictions",), names_decide=True
    ),
    Source("claims", "claims", (PROVIDER_SERVICE, INPATIENT, PART_D, MEDICAL_CLAIM)),
    Source("open_payments", "open_payments", (GENERAL, RESEARCH, OWNERSHIP, PROFILE_SUPPLEMENT)),
    Source("registry", "registry", _REGISTRY),
    *_CRMS,
    Source("publications", "publications", (ARTICLES, AUTHORS), names_decide=True),
    Source("reference", "reference", (ZIP_CENTROIDS, SHIPPED_STATE_RULES), root=Path(__file__).parent),
)
