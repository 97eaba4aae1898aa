"""The audit trail, for administrators."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from tandem.accounts.access import allowed
from tandem.accounts.domain.permissions import Action
from tandem.accounts.forms import AuditFilterForm
from tandem.accounts.labels import action_label
from tandem.accounts.models import AuditEntry
from tandem.accounts.services import audit

PER_PAGE = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@allowed(Action.SEE_AUDIT)
@never_cache
def show_audit(request: HttpRequest) -> HttpResponse:
    """Show the trail, the newest entries first, with a filter."""
    form = _filter(request)
    page = Paginator(audit.find_entries(**_asked(form)), PER_PAGE).get_page(request.GET.get("page"))
    named = audit.names_in(page)
    rows = [_row(entry, named) for entry in page]
    shown = {
        "form": form,
        "page": page,
        "rows": rows,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "accounts/audit.html", shown)


def _row(entry: AuditEntry, named: Mapping[str, str]) -> dict[str, Any]:
    """Return an entry as it is shown, with names in place of URIs where they are known."""
    return {
        "entry": entry,
        "action": action_label(entry.action),
        "subject": named.get(entry.subject, entry.subject),
        "detail": [(name, _text(value, named)) for name, value in entry.detail.items()],
    }


def _text(value: Any, named: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(_text(each, named) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(each, named)}" for name, each in value.items())
    return named.get(str(value), str(value))


@allowed(Action.SEE_AUDIT)
@never_cache
def download_audit(request: HttpRequest) -> HttpResponseBase:
    """Hand over the entries that the filter lets through, as CSV."""
    rows = audit.as_rows(audit.find_entries(**_asked(_filter(request))))
    name = f"audit-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)


def _filter(request: HttpRequest) -> AuditFilterForm:
    return AuditFilterForm(request.GET, actions=audit.actions())


def _asked(form: AuditFilterForm) -> dict[str, Any]:
    form.is_valid()
    given = form.cleaned_data
    return {
        "words": given.get("person", ""),
        "action": given.get("action", ""),
        "since": given.get("since"),
        "until": given.get("until"),
    }


class _Echo:
    """A file that returns what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterable[list[str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
