"""Publications: articles in the manner of PubMed, and their authors in order. One row an article, one row an author of one."""

from dagster_project.ingest.contract import Column, Contract, Freshness, Layout
from dagster_project.ingest.kinds import COUNT, DATE, ID, TEXT

_ARTICLES = (
    Column("pmid", ID, is_key=True),
    Column("title", TEXT),
    Column("journal", TEXT),
    Column("published_on", DATE),
    Column("mesh_terms", TEXT),
)
_AUTHORS = (
    Column("pmid", ID, is_key=True),
    Column("position", COUNT, is_key=True),
    Column("last_name", TEXT),
    Column("fore_name", TEXT),
    Column("affiliation", TEXT),
    Column("orcid", TEXT),
)

ARTICLES = Contract(
    table="articles",
    fresh=Freshness(
        400, "whoever leads a field publishes every year; a search is worth repeating then", told_by="published_on"
    ),
    columns=_ARTICLES,
    pattern=r"(?<![a-z])articles",
    layouts=(Layout("articles", {c.name: c.name for c in _ARTICLES}, ("pmid", "title", "published_on")),),
    unique=("pmid",),
    swaps=(("pmid", "published_on"),),
    others=r"^(abstract|doi|pmc|language|publication)",
)
AUTHORS = Contract(
    table="authors",
    columns=_AUTHORS,
    pattern=r"(?<![a-z])authors",
    layouts=(Layout("authors", {c.name: c.name for c in _AUTHORS}, ("pmid", "position", "last_name")),),
    unique=("pmid", "position"),
    others=r"^(initials|suffix|collective)",
)
