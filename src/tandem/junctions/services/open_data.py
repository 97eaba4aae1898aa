"""What everybody may have of a junction: counts by hour and class, and what its evaluations gave."""

import logging
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict, TandemError
from tandem.core.publication import Publication
from tandem.core.references import Reference
from tandem.core.text import pick, say
from tandem.junctions.models import Junction
from tandem.junctions.services import counts
from tandem.kit import opendata
from tandem.kit.spoken import in_language

log = logging.getLogger(__name__)
TITLES: dict[str, str | Promise] = {
    "counts": _("Who passed, by hour and class of road user"),
    "evaluations": _("Evaluations of the signal control"),
}
_TITLE = _("Traffic at the junction %(title)s")
_ABOUT = _(
    "How many cars, cyclists and pedestrians passed the junction “%(title)s”, by hour, and what comparisons of its "
    "signal control gave in simulation. Only numbers are kept, nothing about any person."
)
_WORDS = (_("traffic"), _("traffic lights"), _("traffic counts"))
EVALUATION_COLUMNS = (
    *("date", "evaluation", "controller", "road_users", "runs", "delay_s", "delay_low_s", "delay_high_s"),
    *("wait_s", "longest_wait_s", "stops", "quality", "file_version", "file_sha256", "policy", "example"),
)


class NothingToOffer(Conflict):
    """There is neither a count nor an evaluation yet."""

    code = "junctions.nothing-to-offer"

    def __init__(self) -> None:
        super().__init__(
            say(
                "There is nothing to offer as open data yet: the page has to be public, and something counted."
            )
        )


class NobodyTakes(Conflict):
    """The installation has no catalogue."""

    code = "junctions.no-catalogue"

    def __init__(self) -> None:
        super().__init__(say("There is no catalogue here that takes open data."))


def tables(junction: Junction) -> dict[str, bytes]:
    """Return the tables that have a row, as CSV files by name."""
    made = {
        "counts": (counts.COLUMNS, list(counts.hours(junction))),
        "evaluations": (EVALUATION_COLUMNS, list(_evaluations(junction))),
    }
    return {name: opendata.csv_table(columns, rows) for name, (columns, rows) in made.items() if rows}


def _evaluations(junction: Junction) -> Iterator[tuple[Any, ...]]:
    for each in junction.evaluations.select_related("version").order_by("made_on", "number"):
        title = pick(each.titles, settings.LANGUAGE_CODE)
        version = (each.version.number, each.version.sha256) if each.version else ("", "")
        for row in each.found.rows:
            yield (
                each.made_on.isoformat(),
                title,
                row.controller,
                row.kind,
                row.runs,
                *(round(value, 2) for value in (row.delay_s, row.delay_low_s, row.delay_high_s, row.wait_s)),
                round(row.longest_wait_s, 1),
                round(row.stops, 3),
                row.quality,
                *version,
                each.policy,
                each.is_example,
            )


@transaction.atomic
def offer(junction: Junction, *, person: Person, now: datetime) -> Reference:
    """Offer a junction's tables to the catalogue: a draft there at first, later new versions of its files.

    Raises:
        NothingToOffer: The page is not public, or no table has a row.
        NobodyTakes: There is no catalogue.
    """
    files = tables(junction) if junction.status == Publication.PUBLISHED else {}
    if not files:
        raise NothingToOffer
    known = junction.dataset.get("uri", "")
    made = opendata.offer(_offer(junction, files, now), known=known, person=person, now=now)
    if made is None:
        raise NobodyTakes
    junction.dataset = {**asdict(made), "titles": dict(made.titles)}
    junction.offered_by = person
    junction.save(update_fields=["dataset", "offered_by"])
    audit.record(person, "junctions.counts.offer", junction.iri, {"dataset": made.uri})
    log.info("junctions.counts.offer", extra={"junction": junction.slug})
    return made


def offer_due(now: datetime) -> None:
    """Bring the data of every junction that was offered once up to date, in the name of who offered it.

    What was withdrawn since is not offered again. What is refused for one junction is logged and tried again next time;
    the others go on.
    """
    rows = Junction.objects.filter(status=Publication.PUBLISHED, offered_by__isnull=False).exclude(dataset={})
    for junction in rows.select_related("offered_by"):
        if junction.offered_by is None or not opendata.is_kept(junction.dataset["uri"]):
            continue
        if tables(junction):
            try:
                offer(junction, person=junction.offered_by, now=now)
            except TandemError as error:
                about = {"junction": junction.slug, "code": error.code}
                log.warning("junctions.counts.offer-refused", extra=about)


def _offer(junction: Junction, files: dict[str, bytes], now: datetime) -> opendata.Offer:
    first = junction.counts.first()
    return opendata.Offer(
        titles=_with_title(_TITLE, junction),
        descriptions=_with_title(_ABOUT, junction),
        keywords={code: tuple(in_language(code, word) for word in _WORDS) for code in junction.titles},
        path=f"/junctions/{junction.slug}/",
        files=[
            opendata.OfferedFile(
                f"{name}.csv",
                {code: in_language(code, TITLES[name]) for code, _name in settings.LANGUAGES},
                content,
            )
            for name, content in files.items()
        ],
        first_day=timezone.localdate(first.began_at) if first else None,
        last_day=timezone.localdate(now) if first else None,
    )


def _with_title(text: str | Promise, junction: Junction) -> dict[str, str]:
    return {code: in_language(code, text) % {"title": title} for code, title in junction.titles.items()}
