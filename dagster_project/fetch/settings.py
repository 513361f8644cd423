"""Where the publishers are and how patiently they are asked; each from the environment (prefix `FIELDSCOPE_FETCH_`).

Belongs here: addresses, waits, the name under which we ask. Not here: which data sets there are (one module a publisher).
"""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class FetchSettings(BaseSettings):
    """Typed settings that run with nothing set."""

    model_config = SettingsConfigDict(env_prefix="FIELDSCOPE_FETCH_", extra="ignore")

    cms_url: str = Field("https://data.cms.gov/data.json", description="Catalogue of data.cms.gov.")
    open_payments_url: str = Field(
        "https://openpaymentsdata.cms.gov/api/1/metastore/schemas/dataset/items",
        description="List of Open Payments data sets.",
    )
    nppes_url: str = Field("https://download.cms.gov/nppes/NPI_Files.html", description="Page of NPPES files.")
    care_compare_url: str = Field(
        "https://data.cms.gov/provider-data/api/1/metastore/schemas/dataset/items",
        description="Provider Data Catalog; an id is added.",
    )
    user_agent: str = Field("fieldscope", description="The name under which the publishers see us.")
    pause_seconds: float = Field(0.5, ge=0, description="Least time between two requests.")
    timeout_seconds: float = Field(120, gt=0, description="Longest silence of a server before the request is repeated.")
    retries: int = Field(5, ge=0, description="Repeats of a request, and of a broken download that got no further.")
