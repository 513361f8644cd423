"""The landing zone of the real excerpts: public files as they are, a hand-written company, and what had to be reshaped.

Belongs here: which excerpt lies where. Not here: any expectation.
"""

import shutil
from pathlib import Path

from tests import reshaped_excerpts

COMPANY = {
    "company.yml": "name: Excerpt Medical\nown_manufacturers: [Ethicon]\ntimezone: America/New_York\n",
    "procedure_families.csv": "procedure_family,code_system,code,is_focus,revenue_per_procedure_usd\n"
    "office_visits,HCPCS,99213,true,40\noffice_visits,HCPCS,99214,true,40\nhospital_care,HCPCS,99232,false,\n"
    "heart_failure,GENERIC-NAME,SACUBITRIL/VALSARTAN,true,300\nheart_failure,GENERIC-NAME,entresto,true,300\n"
    "respiratory,MS-DRG,177,true,\nrespiratory,MS-DRG,193,true,\n",
    "manufacturers.csv": "manufacturer,open_payments_name,relation\nPhadia,Phadia US Inc.,competitor\n",
    "pipeline_stages.csv": "stage,stage_order,crm_stage_name,is_closed,is_won,stated_probability\n"
    "Open,1,Prospecting,false,false,0.1\nEngaged,2,Engaging,false,false,0.3\nWon,3,Closed Won,true,true,1\n"
    "Lost,4,Closed Lost,true,false,0\n",
    "territory_alignment.csv": "zip5,territory_id,kind,valid_from,valid_to\n20817,EAST,primary,2020-01-01,\n",
}
FILES = {
    "claims": (
        "partb_by_service/MUP_PHY_Prov_Svc_D23_tiny.csv",
        "partb_by_service/Medicare-Physician-and-Other-Supplier-PUF-CY2012_a.txt",
        "tuva_claims/medical_claim_sample.csv",
    ),
    "open_payments": (
        "open_payments/OP_DTL_GNRL_PGYR2024_P06302026_excerpt.csv",
        "open_payments/OP_GNRL_PGYR2022_CA_27col_renamed_excerpt.csv",
        "open_payments/OP_DTL_RSRCH_PGYR2015_IA.csv",
    ),
    # The excerpt does not tell its year, so a folder does.
    "claims/year=2022": ("part_d/partd_provider_drug_CA_excerpt.csv",),
    "claims/stays": ("inpatient_by_drg/MUP_INP_PrvSvc_D23_blankRUCA_4rows.csv",),
    "registry": (
        "nppes/nppes_sample_330col_a.csv",
        "nppes_dac_join/dac_subset_clean_sample.csv",
        "hospital_general/Hospital_General_Information_2021.csv",
        "hospital_general/Hospital_General_Information_2026.csv",
        "shared_patient/physician-shared-patient-patterns-2015-days30_head5.txt",
    ),
    "crm/salesforce": tuple(f"crm_salesforce_sfdcassets/{name}.csv" for name in ("Account", "Contact", "Opportunity")),
}

# Profiles of the research excerpt: two investigators, one who was paid directly.
PROFILES = {"211123": "1003000126", "35650": "1003000134", "304617": "1003000142"}
SUPPLEMENT = "Covered_Recipient_Profile_ID,Covered_Recipient_NPI,Covered_Recipient_Profile_First_Name\n" + "".join(
    f"{profile},{npi},A\n" for profile, npi in PROFILES.items()
)
APPROVAL = """file,content_hash,rule,approved_by,approved_on,reason
claims/medical_claim_medicare.csv,,quarantined_share,A. Test,2026-10-01,numbers of physicians are invented
claims/medical_claim_medicare.csv,,rendering_npi.valid_share,A. Test,2026-10-01,numbers of physicians are invented
"""


def write_landing(shared_data: Path, landing: Path) -> None:
    for folder, files in {"company": (), **FILES}.items():
        (landing / folder).mkdir(parents=True)
        for file in files:
            shutil.copyfile(shared_data / file, landing / folder / Path(file).name)
    (landing / "open_payments" / "OP_CVRD_RCPNT_PRFL_SPLMTL_P06302026.csv").write_text(SUPPLEMENT)
    for name, text in {**COMPANY, "overrides.csv": APPROVAL}.items():
        (landing / "company" / name).write_text(text)
    reshaped_excerpts.write_claims(shared_data, landing / "claims" / "medical_claim_medicare.csv")
    reshaped_excerpts.write_salesforce(shared_data, landing / "crm" / "salesforce")
    reshaped_excerpts.write_hubspot(shared_data, landing / "crm" / "hubspot")
