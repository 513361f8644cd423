"""Words for what HubSpot keeps as codes: owners, stages, pipelines and the options of a choice, as its exports show them.

Belongs here: code -> word. Not here: what a word means to us.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from dagster_project.pull.hubspot_client import HubspotClient


class Words:
    """The words of one account, each list asked for once and only where an object needs it."""

    def __init__(self, client: HubspotClient) -> None:
        self.client = client
        self._lists: dict[tuple[str, str], Mapping[str, str]] = {}

    def learn(self, name: str, found: Mapping[str, Any]) -> None:
        """`found`: column of the file -> the account's property."""
        for column, property_ in found.items():
            if property_.name == "hubspot_owner_id":
                self._lists[name, column] = self._owners
            elif property_.name == "dealstage":
                self._lists[name, column] = self._pipelines[1]
            elif name == "deals" and property_.name == "pipeline":
                self._lists[name, column] = self._pipelines[0]
            elif property_.type == "enumeration":
                self._lists[name, column] = {option.value: option.label for option in property_.options or ()}

    def of(self, name: str, column: str, value: str | None) -> str:
        """The word of a value; of several (`a;b`) each; a code without a word stays as it is."""
        words = self._lists.get((name, column))
        if not value or words is None:
            return value or ""
        return words.get(value) or ";".join(words.get(part) or part for part in value.split(";"))

    def stage(self, code: str) -> str:
        return self._pipelines[1].get(code) or code

    @cached_property
    def _owners(self) -> dict[str, str]:
        """Owner -> e-mail, of those who left too: their deals are still theirs."""
        found: dict[str, str] = {}
        for is_archived in (True, False):
            after = None
            while True:
                options = {"limit": 100, "archived": is_archived} | ({"after": after} if after else {})
                answer = self.client.ask("owners", self.client.api.crm.owners.owners_api.get_page, **options)
                found |= {owner.id: owner.email for owner in answer.results if owner.email}
                after = answer.paging.next.after if answer.paging and answer.paging.next else None
                if not after:
                    break
        return found

    @cached_property
    def _pipelines(self) -> tuple[dict[str, str], dict[str, str]]:
        """Pipelines and stages of deals: id -> label."""
        pipelines = self.client.ask(
            "deal pipelines", self.client.api.crm.pipelines.pipelines_api.get_all, "deals"
        ).results
        stages = {stage.id: stage.label for pipeline in pipelines for stage in pipeline.stages or ()}
        return {pipeline.id: pipeline.label for pipeline in pipelines}, stages
