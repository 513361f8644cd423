"""Who we are to a CRM: credentials from the environment and nowhere else.

Belongs here: their names, and hiding them in any text. Not here: using them.
"""

import re
from typing import Self

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from dagster_project.pull.faults import AccessError

_NONE = SecretStr("")


class _Access(BaseSettings):
    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True)

    def secrets(self) -> dict[str, str]:
        """The variable of each secret that is set, and the secret."""
        prefix = self.model_config.get("env_prefix", "")
        return {
            f"{prefix}{name}".upper(): value.get_secret_value()
            for name, value in self
            if isinstance(value, SecretStr) and value.get_secret_value()
        }

    def hide(self, text: str) -> str:
        """`text` without any secret: a CRM may send back what it was sent."""
        for secret in self.secrets().values():
            text = text.replace(secret, "***")
        return text

    def checked(self) -> Self:
        """Fails on a secret that cannot stand in a header: the libraries would show it in their complaint."""
        for variable, secret in self.secrets().items():
            if not re.fullmatch(r"[!-~]{8,}", secret):
                raise AccessError(
                    f"{variable} is too short, or holds a blank, a line break or a sign that no token has; copy it again"
                )
        return self


class SalesforceAccess(_Access):
    """Either an access token with the address of its org, or a connected app with the org's My Domain."""

    model_config = SettingsConfigDict(env_prefix="FIELDSCOPE_SALESFORCE_")

    access_token: SecretStr = Field(_NONE, description="A session's access token, as `sf org display` shows it.")
    instance_url: str = Field("", description="The org of that token: https://acme.my.salesforce.com")
    consumer_key: SecretStr = Field(_NONE, description="Of a connected app with the client-credentials flow.")
    consumer_secret: SecretStr = Field(_NONE, description="Of the same connected app.")
    domain: str = Field("", description="The org's My Domain without `.salesforce.com`: acme.my")

    def checked(self) -> Self:
        super().checked()
        if self.access_token.get_secret_value() and re.fullmatch(r"https://[\w.-]+(:\d+)?/?", self.instance_url):
            return self
        has_app = self.consumer_key.get_secret_value() and self.consumer_secret.get_secret_value()
        if has_app and re.fullmatch(r"[\w-]+(\.[\w-]+)+", self.domain):
            return self
        raise AccessError(
            "No way into Salesforce: set FIELDSCOPE_SALESFORCE_CONSUMER_KEY, _CONSUMER_SECRET and _DOMAIN (such as acme.my) of a"
            " connected app with the client-credentials flow; or _ACCESS_TOKEN and _INSTANCE_URL (https://acme.my.salesforce.com)"
        )


class HubspotAccess(_Access):
    """The token of a private app."""

    model_config = SettingsConfigDict(env_prefix="FIELDSCOPE_HUBSPOT_")

    token: SecretStr = Field(_NONE, description="Access token of a private app.")

    def checked(self) -> Self:
        if not self.token.get_secret_value():
            raise AccessError("No way into HubSpot: set FIELDSCOPE_HUBSPOT_TOKEN to the token of a private app")
        return super().checked()
