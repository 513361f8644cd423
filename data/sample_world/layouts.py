"""Column names as the publishers write them: one constant a layout, in the order of their files.

Values are made elsewhere; what a table does not fill is written empty.
"""

_OLD = [
    "npi",
    "nppes_provider_last_org_name",
    "nppes_provider_first_name",
    "nppes_provider_mi",
    "nppes_credentials",
    "nppes_provider_gender",
    "nppes_entity_code",
    "nppes_provider_street1",
    "nppes_provider_street2",
    "nppes_provider_city",
    "nppes_provider_zip",
    "nppes_provider_state",
    "nppes_provider_country",
    "provider_type",
    "medicare_participation_indicator",
    "place_of_service",
    "hcpcs_code",
    "hcpcs_description",
]
PUF_2012 = [
    *_OLD, "line_srvc_cnt", "bene_unique_cnt", "bene_day_srvc_cnt", "average_Medicare_allowed_amt",
    "stdev_Medicare_allowed_amt", "average_submitted_chrg_amt", "stdev_submitted_chrg_amt",
    "average_Medicare_payment_amt", "stdev_Medicare_payment_amt",
]  # fmt: skip
PUF_2013 = [
    *_OLD, "hcpcs_drug_indicator", "line_srvc_cnt", "bene_unique_cnt", "bene_day_srvc_cnt", "average_medicare_allowed_amt",
    "stdev_medicare_allowed_amt", "average_submitted_chrg_amt", "stdev_submitted_chrg_amt",
    "average_medicare_payment_amt", "stdev_medicare_payment_amt",
]  # fmt: skip
PUF_2014 = [
    *_OLD, "hcpcs_drug_indicator", "line_srvc_cnt", "bene_unique_cnt", "bene_day_srvc_cnt", "average_medicare_allowed_amt",
    "average_submitted_chrg_amt", "average_medicare_payment_amt", "average_medicare_standard_amt",
]  # fmt: skip
MUP_PHY = [
    "Rndrng_NPI",
    "Rndrng_Prvdr_Last_Org_Name",
    "Rndrng_Prvdr_First_Name",
    "Rndrng_Prvdr_MI",
    "Rndrng_Prvdr_Crdntls",
    "Rndrng_Prvdr_Gndr",
    "Rndrng_Prvdr_Ent_Cd",
    "Rndrng_Prvdr_St1",
    "Rndrng_Prvdr_St2",
    "Rndrng_Prvdr_City",
    "Rndrng_Prvdr_State_Abrvtn",
    "Rndrng_Prvdr_State_FIPS",
    "Rndrng_Prvdr_Zip5",
    "Rndrng_Prvdr_RUCA",
    "Rndrng_Prvdr_RUCA_Desc",
    "Rndrng_Prvdr_Cntry",
    "Rndrng_Prvdr_Type",
    "Rndrng_Prvdr_Mdcr_Prtcptg_Ind",
    "HCPCS_Cd",
    "HCPCS_Desc",
    "HCPCS_Drug_Ind",
    "Place_Of_Srvc",
    "Tot_Benes",
    "Tot_Srvcs",
    "Tot_Bene_Day_Srvcs",
    "Avg_Sbmtd_Chrg",
    "Avg_Mdcr_Alowd_Amt",
    "Avg_Mdcr_Pymt_Amt",
    "Avg_Mdcr_Stdzd_Amt",
]
MUP_PHY_2023 = [c for c in MUP_PHY if c != "Rndrng_Prvdr_Gndr"]
RENAMED_2021 = dict(zip(
    [*_OLD, "hcpcs_drug_indicator", "line_srvc_cnt", "bene_unique_cnt", "bene_day_srvc_cnt", "average_submitted_chrg_amt",
     "average_medicare_allowed_amt", "average_medicare_payment_amt", "average_medicare_standard_amt"],
    ["Rndrng_NPI", "Rndrng_Prvdr_Last_Org_Name", "Rndrng_Prvdr_First_Name", "Rndrng_Prvdr_MI", "Rndrng_Prvdr_Crdntls", "Rndrng_Prvdr_Gndr", "Rndrng_Prvdr_Ent_Cd", "Rndrng_Prvdr_St1", "Rndrng_Prvdr_St2", "Rndrng_Prvdr_City", "Rndrng_Prvdr_Zip5", "Rndrng_Prvdr_State_Abrvtn", "Rndrng_Prvdr_Cntry", "Rndrng_Prvdr_Type", "Rndrng_Prvdr_Mdcr_Prtcptg_Ind", "Place_Of_Srvc", "HCPCS_Cd", "HCPCS_Desc", "HCPCS_Drug_Ind", "Tot_Srvcs", "Tot_Benes", "Tot_Bene_Day_Srvcs", "Avg_Sbmtd_Chrg", "Avg_Mdcr_Alowd_Amt", "Avg_Mdcr_Pymt_Amt", "Avg_Mdcr_Stdzd_Amt"],
    strict=True,
))  # fmt: skip

INPATIENT_2011 = [
    "DRG Definition", "Provider Id", "Provider Name", "Provider Street Address", "Provider City", "Provider State",
    "Provider Zip Code", "Hospital Referral Region (HRR) Description", "Total Discharges", "Average Covered Charges",
    "Average Total Payments", "Average Medicare Payments",
]  # fmt: skip
MUP_INP = [
    "Rndrng_Prvdr_CCN", "Rndrng_Prvdr_Org_Name", "Rndrng_Prvdr_City", "Rndrng_Prvdr_St", "Rndrng_Prvdr_State_FIPS",
    "Rndrng_Prvdr_Zip5", "Rndrng_Prvdr_State_Abrvtn", "Rndrng_Prvdr_RUCA", "Rndrng_Prvdr_RUCA_Desc", "DRG_Cd", "DRG_Desc",
    "Tot_Dschrgs", "Avg_Submtd_Cvrd_Chrg", "Avg_Tot_Pymt_Amt", "Avg_Mdcr_Pymt_Amt",
]  # fmt: skip
MUP_DPR = [
    "Prscrbr_NPI", "Prscrbr_Last_Org_Name", "Prscrbr_First_Name", "Prscrbr_City", "Prscrbr_State_Abrvtn", "Prscrbr_State_FIPS",
    "Prscrbr_Type", "Prscrbr_Type_Src", "Brnd_Name", "Gnrc_Name", "Tot_Clms", "Tot_30day_Fills", "Tot_Day_Suply",
    "Tot_Drug_Cst", "Tot_Benes", "GE65_Sprsn_Flag", "GE65_Tot_Clms", "GE65_Tot_30day_Fills", "GE65_Tot_Drug_Cst",
    "GE65_Tot_Day_Suply", "GE65_Bene_Sprsn_Flag", "GE65_Tot_Benes",
]  # fmt: skip

_CLAIM_HEAD = [
    "claim_id",
    "claim_line_number",
    "claim_type",
    "person_id",
    "member_id",
    "payer",
    "plan",
    "claim_start_date",
    "claim_end_date",
    "claim_line_start_date",
    "claim_line_end_date",
    "admission_date",
    "discharge_date",
    "admit_source_code",
    "admit_type_code",
    "discharge_disposition_code",
    "place_of_service_code",
    "bill_type_code",
    "ms_drg_code",
    "apr_drg_code",
    "revenue_center_code",
    "service_unit_quantity",
    "hcpcs_code",
    "hcpcs_modifier_1",
    "hcpcs_modifier_2",
    "hcpcs_modifier_3",
    "hcpcs_modifier_4",
    "hcpcs_modifier_5",
    "rendering_npi",
    "rendering_tin",
    "billing_npi",
    "billing_tin",
    "facility_npi",
    "paid_date",
    "paid_amount",
    "allowed_amount",
    "charge_amount",
    "coinsurance_amount",
    "copayment_amount",
    "deductible_amount",
    "total_cost_amount",
    "diagnosis_code_type",
]
MEDICAL_CLAIM = [
    *_CLAIM_HEAD,
    *(f"diagnosis_code_{n}" for n in range(1, 26)), *(f"diagnosis_poa_{n}" for n in range(1, 26)), "procedure_code_type",
    *(f"procedure_code_{n}" for n in range(1, 26)), *(f"procedure_date_{n}" for n in range(1, 26)),
    "in_network_flag", "data_source", "file_name", "file_date", "ingest_datetime",
]  # fmt: skip
MEDICAL_CLAIM_NARROW = [
    *(c for c in _CLAIM_HEAD if not c.startswith(("apr_", "admit_", "discharge_", "hcpcs_modifier_5", "copay", "deduct"))),
    *(f"diagnosis_code_{n}" for n in range(1, 11)), "data_source", "file_name", "file_date",
]  # fmt: skip


def products(number: int, has_device_code: bool) -> list[str]:
    columns = [
        f"Covered_or_Noncovered_Indicator_{number}", f"Indicate_Drug_or_Biological_or_Device_or_Medical_Supply_{number}",
        f"Product_Category_or_Therapeutic_Area_{number}", f"Name_of_Drug_or_Biological_or_Device_or_Medical_Supply_{number}",
        f"Associated_Drug_or_Biological_NDC_{number}",
    ]  # fmt: skip
    return [*columns, f"Associated_Device_or_Medical_Supply_PDI_{number}"] if has_device_code else columns


RECIPIENT_PLACE = [
    "Recipient_Primary_Business_Street_Address_Line1",
    "Recipient_Primary_Business_Street_Address_Line2",
    "Recipient_City",
    "Recipient_State",
    "Recipient_Zip_Code",
    "Recipient_Country",
    "Recipient_Province",
    "Recipient_Postal_Code",
]
_PAYMENT = [
    "Submitting_Applicable_Manufacturer_or_Applicable_GPO_Name",
    "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_ID",
    "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Name",
    "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_State",
    "Applicable_Manufacturer_or_Applicable_GPO_Making_Payment_Country",
    "Total_Amount_of_Payment_USDollars",
    "Date_of_Payment",
    "Number_of_Payments_Included_in_Total_Amount",
    "Form_of_Payment_or_Transfer_of_Value",
    "Nature_of_Payment_or_Transfer_of_Value",
    "City_of_Travel",
    "State_of_Travel",
    "Country_of_Travel",
    "Physician_Ownership_Indicator",
    "Third_Party_Payment_Recipient_Indicator",
    "Name_of_Third_Party_Entity_Receiving_Payment_or_Transfer_of_Value",
    "Charity_Indicator",
    "Third_Party_Equals_Covered_Recipient_Indicator",
    "Contextual_Information",
    "Delay_in_Publication_Indicator",
    "Record_ID",
    "Dispute_Status_for_Publication",
    "Related_Product_Indicator",
]
HOSPITAL = [
    "Change_Type",
    "Covered_Recipient_Type",
    "Teaching_Hospital_CCN",
    "Teaching_Hospital_ID",
    "Teaching_Hospital_Name",
]
GENERAL_2016 = [
    *HOSPITAL, "Physician_Profile_ID", "Physician_First_Name", "Physician_Middle_Name", "Physician_Last_Name",
    "Physician_Name_Suffix", *RECIPIENT_PLACE, "Physician_Primary_Type", "Physician_Specialty",
    *(f"Physician_License_State_code{n}" for n in range(1, 6)), *_PAYMENT,
    *(c for n in range(1, 6) for c in products(n, False)), "Program_Year", "Payment_Publication_Date",
]  # fmt: skip
GENERAL_2021 = [
    *HOSPITAL, "Covered_Recipient_Profile_ID", "Covered_Recipient_NPI", "Covered_Recipient_First_Name",
    "Covered_Recipient_Middle_Name", "Covered_Recipient_Last_Name", "Covered_Recipient_Name_Suffix", *RECIPIENT_PLACE,
    *(f"Covered_Recipient_Primary_Type_{n}" for n in range(1, 7)), *(f"Covered_Recipient_Specialty_{n}" for n in range(1, 7)),
    *(f"Covered_Recipient_License_State_code{n}" for n in range(1, 6)), *_PAYMENT,
    *(c for n in range(1, 6) for c in products(n, True)), "Program_Year", "Payment_Publication_Date",
]  # fmt: skip
RENAMED_TO_2016 = {
    "Covered_Recipient_Profile_ID": "Physician_Profile_ID", "Covered_Recipient_First_Name": "Physician_First_Name",
    "Covered_Recipient_Middle_Name": "Physician_Middle_Name", "Covered_Recipient_Last_Name": "Physician_Last_Name",
    "Covered_Recipient_Primary_Type_1": "Physician_Primary_Type", "Covered_Recipient_Specialty_1": "Physician_Specialty",
    "Covered_Recipient_License_State_code1": "Physician_License_State_code1",
}  # fmt: skip
PROFILE_SUPPLEMENT = [
    "Covered_Recipient_Profile_Type", "Covered_Recipient_Profile_ID", "Associated_Covered_Recipient_Profile_ID_1",
    "Associated_Covered_Recipient_Profile_ID_2", "Covered_Recipient_NPI",
    *(f"Covered_Recipient_Profile_{c}" for c in ["First_Name", "Middle_Name", "Last_Name", "Suffix", "Alternate_First_Name", "Alternate_Middle_Name", "Alternate_Last_Name", "Alternate_Suffix", "Address_Line_1", "Address_Line_2", "City", "State", "Zipcode", "Country_Name", "Province_Name", "Primary_Specialty"]),
    *(f"Covered_Recipient_Profile_OPS_Taxonomy_{n}" for n in range(1, 7)),
    *(f"Covered_Recipient_Profile_License_State_Code_{n}" for n in range(1, 6)),
]  # fmt: skip

DOCTORS_CLINICIANS = [
    "NPI", "Ind_PAC_ID", "Ind_enrl_ID", "Provider Last Name", "Provider First Name", "Provider Middle Name", "suff", "gndr",
    "Cred", "Med_sch", "Grd_yr", "pri_spec", "sec_spec_1", "sec_spec_2", "sec_spec_3", "sec_spec_4", "sec_spec_all",
    "Telehlth", "Facility Name", "org_pac_id", "num_org_mem", "adr_ln_1", "adr_ln_2", "ln_2_sprs", "City/Town", "State",
    "ZIP Code", "Telephone Number", "ind_assgn", "grp_assgn", "adrs_id",
]  # fmt: skip
FACILITY_AFFILIATION = [
    "NPI", "Ind_PAC_ID", "Provider Last Name", "Provider First Name", "Provider Middle Name", "suff", "facility_type",
    "Facility Affiliations Certification Number", "Facility Type Certification Number",
]  # fmt: skip
HOSPITAL_GENERAL = [
    "Facility ID", "Facility Name", "Address", "City/Town", "State", "ZIP Code", "County/Parish", "Telephone Number",
    "Hospital Type", "Hospital Ownership", "Emergency Services", "Meets criteria for birthing friendly designation",
    "Hospital overall rating", "Hospital overall rating footnote", "MORT Group Measure Count", "Count of Facility MORT Measures",
    "Count of MORT Measures Better", "Count of MORT Measures No Different", "Count of MORT Measures Worse",
    "MORT Group Footnote", "Safety Group Measure Count", "Count of Facility Safety Measures", "Count of Safety Measures Better",
    "Count of Safety Measures No Different", "Count of Safety Measures Worse", "Safety Group Footnote",
    "READM Group Measure Count", "Count of Facility READM Measures", "Count of READM Measures Better",
    "Count of READM Measures No Different", "Count of READM Measures Worse", "READM Group Footnote",
    "Pt Exp Group Measure Count", "Count of Facility Pt Exp Measures", "Pt Exp Group Footnote", "TE Group Measure Count",
    "Count of Facility TE Measures", "TE Group Footnote",
]  # fmt: skip
