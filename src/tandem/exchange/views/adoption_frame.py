"""What the pages of adoptions share: who may see them, what they show of a part, how values are said."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from tandem.accounts.access import signed_in, staff
from tandem.core.errors import TandemError
from tandem.exchange import access, adoption_labels, labels
from tandem.exchange.domain.adoption import AdoptedPart, Adoption
from tandem.exchange.domain.bundle import BundleRefused
from tandem.exchange.domain.merge import ABSENT
from tandem.exchange.domain.permissions import ALLOWED, ROOM, Duty
from tandem.exchange.models import Adoption as Row
from tandem.exchange.services import adoptions
from tandem.exchange.services.browsing import city_name, title_of
from tandem.exchange.services.ledger import read
from tandem.kit.spoken import language, spoken

adopters = staff(ROOM, *ALLOWED[Duty.ADOPT])
readers = staff(ROOM, *ALLOWED[Duty.SEE_DRAFTS])
View = Callable[..., HttpResponseBase]
_LONGEST_SHOWN = 4_000


def parties(view: View) -> View:
    """Let staff of the exchange see a view, and whoever signs parts off in any room."""

    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if not access.may_see_adoptions(request):
            raise PermissionDenied
        return view(request, *arguments, **named)

    return guarded


def found_or_404(request: HttpRequest, pk: UUID) -> tuple[Row, Adoption]:
    """Return an adoption that the person who asks may see.

    Raises:
        Http404: There is none.
        PermissionDenied: It has no part that the person signs off, and the person is no staff of the exchange.
    """
    row = adoptions.row_of(pk)
    if row is None:
        raise Http404
    adoption = read(row)
    if not access.may_see_drafts(request) and not any(
        access.may_sign(request, signs) for signs in adoptions.signers(adoption)
    ):
        raise PermissionDenied
    return row, adoption


def frame(row: Row, **more: Any) -> dict[str, Any]:
    """Return what every page about an adoption needs."""
    return {
        "row": row,
        "measure": row.measure,
        "measure_title": title_of(row.measure, language()),
        "city": city_name(row.measure.city, language()),
        "state": labels.ADOPTION[row.state],
        "tone": adoption_labels.STATE_TONES[row.state],
        **more,
    }


def kind_of(key: str) -> Any:
    """Return what the kind of a part is called."""
    kind = key.partition("/")[0]
    return labels.KINDS.get(kind, kind)


def title_of_part(part: AdoptedPart) -> str:
    """Return what was made of a part is called."""
    return part.reference.titles.get(language()) or part.reference.title(language()) or part.key


def shown(value: Any) -> str:
    """Return a value of a part as text for people."""
    if value is ABSENT:
        return gettext("(not there)")
    if value is None or value == "":
        return gettext("(empty)")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]} …"


def said(error: TandemError) -> str:
    """Return what an error says, a refused bundle's findings included."""
    if isinstance(error, BundleRefused):
        return " ".join(f"{each.path}: {spoken(each.message)}" for each in error.findings[:10])
    return spoken(error.sentence)


def page_of(row: Row) -> str:
    """Return the address of the page of an adoption."""
    return reverse("exchange:adoption", args=[row.pk])


def step_urls(row: Row, *names: str) -> Mapping[str, str]:
    """Return the addresses of steps of an adoption."""
    return {name: reverse(f"exchange:adoption_{name}", args=[row.pk]) for name in names}
