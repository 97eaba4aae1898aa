"""CKAN's DataStore actions: the rows of tables."""

import json
from typing import Any

from tandem.catalogue.domain.ckan_values import BadPackage
from tandem.catalogue.services import ckan_packages, ckan_tables, sql
from tandem.catalogue.services.ckan_tables import RowsAsked
from tandem.catalogue.views.ckan_action import Actions
from tandem.catalogue.views.ckan_request import Call

actions = Actions()


@actions.reads
def datastore_search_sql(call: Call) -> dict[str, Any]:
    """Return what one SELECT finds; a table is called by its resource's id in quotation marks."""
    text = call.text("sql", default=None)
    found = sql.ask(text, limit=sql.MOST_ROWS)
    fields = [{"id": each.name, "type": each.type} for each in found.columns]
    return {"sql": text, "fields": fields, "records": found.objects(), "records_truncated": bool(found.cut)}


@actions.reads
def datastore_search(call: Call) -> dict[str, Any]:
    """Return rows of a table: filters, q, limit, offset, fields, sort, include_total, records_format."""
    row = ckan_packages.find_resource(call.text("resource_id", "id", default=None), drafts=call.sees_drafts)
    if call.truth("distinct"):
        raise BadPackage({"distinct": ["Is not offered here"]})
    fields = [name.strip() for each in call.texts("fields") for name in each.split(",") if name.strip()]
    asked = RowsAsked(
        filters=call.thing("filters"),
        q=_words(call),
        limit=call.number("limit", default=100),
        offset=call.number("offset", default=0),
        fields=fields,
        sort=call.text("sort"),
        with_total=call.truth("include_total", default=True),
        records_format=call.text("records_format", default="objects"),
    )
    return ckan_tables.find_rows(row, asked)


def _words(call: Call) -> Any:
    q = call.values.get("q")
    if isinstance(q, str) and q.lstrip().startswith("{"):
        try:
            q = json.loads(q)
        except ValueError:
            return q
    return q if isinstance(q, dict) else call.text("q")


@actions.reads
def datastore_info(call: Call) -> dict[str, Any]:
    """Return the columns of a table, and how many rows it has."""
    row = ckan_packages.find_resource(call.text("id", "resource_id", default=None), drafts=call.sees_drafts)
    return ckan_tables.table_info(row)
