"""What stands for dbt's `adapter` while sqlfluff renders the models: a dispatched macro is its DuckDB form.

Belongs here: only what the linter needs. Not here: any macro.
"""

from jinja2 import pass_context


@pass_context
def dispatch(context, name):
    """The macro `duckdb__name`, as dbt would choose it on DuckDB."""
    return context.resolve(f"duckdb__{name}")
