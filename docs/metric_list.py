"""Write the list of metrics in `metrics.md` from the project: what each says, by what it may be asked, and how finely in time.

Run by `make docs`; a test writes it again and compares. Not here: the page's own words, nor what a metric means (dbt/models/marts/semantic).
"""

import json
from pathlib import Path

from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest

from dagster_project import metrics

PAGE = Path(__file__).parent / "metrics.md"
BEGIN, END = "<!-- metrics: written by `make docs` -->\n", "<!-- end of metrics -->\n"
# What a query may group by, and the name that a metric has where it may; the way over rep or provider where none is shorter.
WAYS = (
    (("rep", "rep__rep_name"),),
    (("rep__manager", "rep__manager"),),
    (("territory", "territory__region"), ("rep__territory", "rep__territory__region")),
    (("territory__region", "territory__region"), ("rep__territory__region", "rep__territory__region")),
    (("provider__territory__region", "provider__territory__region"),),
    (("territory__served_by", "territory__served_by"),),
    (("family", "family"),),
    (("provider__specialty", "provider__specialty"),),
)


def listed() -> str:
    """The list as a table of Markdown, metrics in the order of the project."""
    manifest = parse_manifest_from_dbt_generated_manifest(json.dumps(metrics.published_manifest()))
    engine = metrics.engine_over(manifest)
    finest = {model.name: _finest(model) for model in manifest.semantic_models}
    measured = {measure.name: model.name for model in manifest.semantic_models for measure in model.measures}
    lines = ["| metric | what it says | by | finest time |", "|---|---|---|---|"]
    for metric in manifest.metrics:
        names = {item.dunder_name for item in engine.simple_dimensions_for_metrics([metric.name])}
        names |= {entity.name for entity in engine.entities_for_metrics([metric.name])}
        ways = (next((way for way, name in found if name in names), None) for found in WAYS)
        by = ", ".join(f"`{way}`" for way in ways if way)
        time = finest[_model_of(metric, {m.name: m for m in manifest.metrics}, measured)]
        lines.append(f"| `{metric.name}` | {metric.description} | {by} | {time} |")
    return "\n".join(lines) + "\n"


def _finest(model) -> str:
    name = model.defaults.agg_time_dimension if model.defaults else None
    return next((d.type_params.time_granularity.value for d in model.dimensions if d.name == name), "")


def _model_of(metric, metrics_by_name: dict, measured: dict[str, str]) -> str:
    while metric.type_params.numerator:
        metric = metrics_by_name[metric.type_params.numerator.name]
    return measured[metric.type_params.measure.name]


def written() -> str:
    """The page with the list as the project has it now."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + listed() + END + after


if __name__ == "__main__":
    PAGE.write_text(written())
