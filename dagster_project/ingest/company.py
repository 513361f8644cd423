"""The company's own knowledge: settings, procedure families, manufacturers, pipeline stages, territories, restrictions.

Belongs here: the shape of the hand-kept files in `company/` and their defaults. No company's values stand in code.
"""

from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from dagster_project.ingest.company_field import TARGET_FEEDBACK, TRAVEL
from dagster_project.ingest.company_stewards import LINK_DECISIONS, OVERRIDES
from dagster_project.ingest.contract import Column, Contract, Layout, Lookup
from dagster_project.ingest.decode import FileFault
from dagster_project.ingest.kinds import (
    BOOLEAN,
    CCN,
    COUNT,
    DATE,
    ID,
    LOWER,
    MONEY,
    NPI,
    TEXT,
    UPPER,
    ZIP5,
    Kind,
    amount,
)
from dagster_project.ingest.state_rules import STATE_RULES
from dagster_project.ingest.thresholds import Threshold, hand_kept

_CODE_SYSTEMS = ("HCPCS", "MS-DRG", "ICD-10-CM", "ICD-10-PCS", "NDC", "GENERIC-NAME")
_RESTRICTIONS = ("PDRP", "NO_CONTACT", "STATE_OPT_OUT", "NO_SEE", "SYSTEM_CLOSED")


class PublicationLags(BaseModel):
    """Days between a service or payment and the day on which its source publishes it."""

    model_config = ConfigDict(extra="forbid")

    cms_claims: int = Field(510, ge=0)
    open_payments: int = Field(180, ge=0)
    claim_lines: int = Field(30, ge=0)


class Company(BaseModel):
    """`company.yml`, with the documented defaults."""

    model_config = ConfigDict(extra="ignore")

    name: str
    own_manufacturers: list[str] = Field(default_factory=list)
    currency: str = "USD"
    timezone: str = "UTC"
    fiscal_year_start_month: int = Field(1, ge=1, le=12)
    adoption_horizon_days: int = Field(180, gt=0)
    forecast_horizon_quarters: int = Field(2, gt=0)
    rep_annual_cost_usd: float = Field(220000, ge=0)
    calls_per_rep_per_week: float = Field(20, ge=0)
    planned_notice_days: int = Field(3, ge=0)
    calls_per_provider_per_quarter: int = Field(13, ge=1)
    cell_suppression_minimum: int = Field(11, ge=1)
    patient_run_out_days: int = Field(180, ge=0)
    holdout_share: float = Field(0.05, ge=0, le=0.5)
    feedback_holds_days: int = Field(180, ge=0)
    publication_lags_days: PublicationLags = Field(default_factory=PublicationLags)

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except Exception as error:
            raise ValueError(f"{name!r} is no IANA time zone such as America/New_York") from error
        return name


def read_settings(content: bytes) -> dict[str, Any]:
    """The one row of `company/settings`; raises `FileFault` naming every field that is wrong."""
    try:
        stated = yaml.safe_load(content.decode("utf-8-sig"))
        if not isinstance(stated, dict):
            raise FileFault("unreadable", "company.yml holds no `field: value` lines; start with `name: ...`")
        company = Company.model_validate({key: value for key, value in stated.items() if value is not None})
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FileFault("unreadable", f"company.yml is no valid YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise FileFault("unreadable", f"company.yml: {wrong}; mend these fields") from error
    row = company.model_dump(exclude={"publication_lags_days"})
    return row | {f"lag_days_{source}": days for source, days in company.publication_lags_days.model_dump().items()}


def _stored(type_: str) -> Kind:
    return Kind("setting", type_, lambda text: text)


_SETTINGS_TYPES: dict[str, Literal["VARCHAR", "BIGINT", "DOUBLE", "DECIMAL(18,2)", "VARCHAR[]"]] = {
    "name": "VARCHAR",
    "currency": "VARCHAR",
    "timezone": "VARCHAR",
    "fiscal_year_start_month": "BIGINT",
    "adoption_horizon_days": "BIGINT",
    "forecast_horizon_quarters": "BIGINT",
    "rep_annual_cost_usd": "DECIMAL(18,2)",
    "calls_per_rep_per_week": "DECIMAL(18,2)",
    "planned_notice_days": "BIGINT",
    "calls_per_provider_per_quarter": "BIGINT",
    "cell_suppression_minimum": "BIGINT",
    "patient_run_out_days": "BIGINT",
    "holdout_share": "DOUBLE",
    "feedback_holds_days": "BIGINT",
    "lag_days_cms_claims": "BIGINT",
    "lag_days_open_payments": "BIGINT",
    "lag_days_claim_lines": "BIGINT",
    "own_manufacturers": "VARCHAR[]",
}

SETTINGS = Contract(
    table="settings",
    columns=tuple(Column(name, _stored(type_)) for name, type_ in _SETTINGS_TYPES.items()),
    pattern=r"^company\.ya?ml$",
    document=read_settings,
)


def _procedure_code(field: Lookup) -> str:
    """Codes are compared without dots (ICD) and with the zeros that a spreadsheet lost (MS-DRG, HCPCS)."""
    code, system = f"upper(trim({field('code')}))", f"upper(trim({field('code_system')}))"
    is_number = f"try_cast({code} as bigint) >= 0"
    return (
        f"case when {system} like 'ICD%' then translate({code}, '.', '')"
        f" when {system} = 'MS-DRG' and strlen({code}) < 3 and {is_number} then lpad({code}, 3, '0')"
        f" when {system} = 'HCPCS' and strlen({code}) < 5 and {is_number} then lpad({code}, 5, '0') else {code} end"
    )


PROCEDURE_FAMILIES = Contract(
    table="procedure_families",
    columns=(
        Column("procedure_family", ID, is_key=True),
        Column("code_system", UPPER, is_key=True, codes=_CODE_SYSTEMS),
        Column("code", UPPER, is_key=True),
        Column("is_focus", BOOLEAN),
        Column("revenue_per_procedure_usd", MONEY),
    ),
    pattern=r"procedure_families",
    thresholds=hand_kept(),
    layouts=(
        Layout(
            "procedure families",
            {name: name for name in ("procedure_family", "code_system", "is_focus", "revenue_per_procedure_usd")}
            | {"code": _procedure_code},
            ("procedure_family", "code_system", "code", "is_focus"),
        ),
    ),
    unique=("procedure_family", "code_system", "code"),
    rules=(("negative_amount", "revenue_per_procedure_usd", "revenue_per_procedure_usd < 0"),),
)

MANUFACTURERS = Contract(
    table="manufacturers",
    columns=(
        Column("manufacturer", TEXT, is_key=True),
        Column("open_payments_name", TEXT, is_key=True),
        Column("relation", LOWER, codes=("own", "competitor", "other")),
    ),
    pattern=r"manufacturers",
    thresholds=hand_kept(),
    layouts=(
        Layout(
            "manufacturers",
            {name: name for name in ("manufacturer", "open_payments_name", "relation")},
            ("manufacturer", "open_payments_name", "relation"),
        ),
    ),
    unique=("manufacturer", "open_payments_name"),
    allows_no_rows=True,
)

_STAGES = (
    Column("stage", ID, is_key=True),
    Column("stage_order", COUNT, is_key=True),
    Column("crm_stage_name", ID, is_key=True),
    Column("is_closed", BOOLEAN, is_key=True),
    Column("is_won", BOOLEAN, is_key=True),
    Column("stated_probability", amount(9, 6)),
    Column("exit_criterion", TEXT),
    Column("expected_days", COUNT),
)


def _fraction(field: Lookup) -> str:
    stated = field("stated_probability")
    number = f"try_cast(translate({stated}, '%', '') as decimal(9, 6))"
    return (
        f"case when contains({stated}, '%') or {number} > 1 then coalesce(cast(cast({number} / 100 as decimal(9, 6)) as varchar), {stated})"
        f" else {stated} end"
        if stated
        else "null"
    )


PIPELINE_STAGES = Contract(
    table="pipeline_stages",
    columns=_STAGES,
    pattern=r"pipeline_stages",
    thresholds=hand_kept(),
    layouts=(
        Layout(
            "pipeline stages",
            {column.name: column.name for column in _STAGES} | {"stated_probability": _fraction},
            ("stage", "stage_order", "crm_stage_name", "is_closed", "is_won"),
        ),
    ),
)

TERRITORY_ALIGNMENT = Contract(
    table="territory_alignment",
    columns=(
        Column("zip5", ZIP5, is_key=True),
        Column("territory_id", ID, is_key=True),
        Column("kind", LOWER, is_key=True, codes=("primary", "overlay")),
        Column("valid_from", DATE),
        Column("valid_to", DATE),
    ),
    pattern=r"territory_alignment",
    thresholds=hand_kept(),
    layouts=(
        Layout(
            "territory alignment",
            {name: name for name in ("zip5", "territory_id", "kind", "valid_from", "valid_to")},
            ("zip5", "territory_id", "kind"),
        ),
    ),
    unique=("zip5", "territory_id", "kind", "valid_from", "valid_to"),
)


def _list(field: Lookup) -> str:
    """`No contact` and `no-see` are meant: a slip of the pen opens no gate."""
    return f"translate(trim({field('list')}), ' -', '__')"


def _number(field: Lookup) -> str:
    return f"translate({field('npi')}, ' -', '')"


RESTRICTIONS = Contract(
    table="restrictions",
    columns=(
        Column("npi", NPI),
        Column("facility_id", CCN),
        Column("list", UPPER, is_key=True, codes=_RESTRICTIONS),
        Column("effective_from", DATE),
        Column("effective_to", DATE),
    ),
    pattern=r"restrictions",
    layouts=(
        Layout(
            "restrictions",
            {name: name for name in ("facility_id", "effective_from", "effective_to")}
            | {"npi": _number, "list": _list},
            ("npi", "list"),
        ),
    ),
    allows_no_rows=True,
    tolerated_share=1.0,
    tolerated_because="a slip in one row must not lift the restrictions of the others",
    thresholds=(
        Threshold(
            "rows_against_accepted",
            "opt-outs are not withdrawn by the dozen: a list that lost nine in ten was cut, and would lift the gates",
            at_least=0.1,
        ),
    ),
)

CONTRACTS = (
    SETTINGS,
    PROCEDURE_FAMILIES,
    MANUFACTURERS,
    PIPELINE_STAGES,
    TERRITORY_ALIGNMENT,
    RESTRICTIONS,
    OVERRIDES,
    TARGET_FEEDBACK,
    TRAVEL,
    LINK_DECISIONS,
    STATE_RULES,
)
