"""What everybody may have of a process, without personal data: as files, and offered to the catalogue."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tandem.accounts.models import Person
from tandem.accounts.services import audit
from tandem.core.errors import Conflict
from tandem.core.references import Reference
from tandem.core.text import pick, say
from tandem.kit import opendata
from tandem.participation.adapters.sheets import export
from tandem.participation.domain.phase import PhaseKind, PhaseState
from tandem.participation.domain.triage import redact
from tandem.participation.models import Allocation, Contribution, Phase, Process
from tandem.participation.services import opinion_files, opinion_results, surveys
from tandem.participation.services.exports import Table

PLACES = 4  # decimals of a degree: about ten metres
LEAST_SHOWN = 5  # fewer people than that stand behind no number
TITLES: dict[str, str | Promise] = {
    "contributions": _("Contributions"),
    "budget_result": _("Result of the budget vote"),
    "poll_statements": _("Statements of the opinion map"),
    "survey_results": _("Results of the survey"),
}
_DESCRIPTION = _("What came out of “%(title)s”. Texts are as people wrote them, without personal data.")
_WORDS = _("citizen participation")
CONTRIBUTIONS = (
    *("phase", "kind", "number", "title", "text", "category", "latitude", "longitude", "date", "status"),
    *("supports", "comments", "cost_euros"),
)
BUDGET = ("phase", "number", "title", "cost_euros", "votes", "won", "turn")
POLL = ("phase", "number", "statement", "language", "agree", "disagree", "pass")


class NothingToOffer(Conflict):
    """There is no result yet."""

    code = "participation.nothing-to-offer"

    def __init__(self) -> None:
        super().__init__(say("There is nothing to offer as open data yet."))


class NobodyTakes(Conflict):
    """The installation has no catalogue."""

    code = "participation.no-catalogue"

    def __init__(self) -> None:
        super().__init__(say("There is no catalogue here that takes open data."))


# --- tables -------------------------------------------------------------------------------------
def open_tables(process: Process, *, language: str) -> list[Table]:
    """Return what is public: without authors, places to about ten metres, results once they are everybody's.

    What identifies people is taken out of texts as far as ``triage`` finds it; somebody has to read them once more.

    Args:
        language: Of the words in survey results.
    """
    phases = list(process.phases.all())
    for each in phases:
        each.process = process
    made = (
        Table("contributions", CONTRIBUTIONS, list(_contributions(process))),
        Table("budget_result", BUDGET, [row for each in phases for row in _budget(each)]),
        Table("poll_statements", POLL, [row for each in phases for row in _poll(each)]),
        Table(
            "survey_results",
            ("phase", *surveys.RESULT_COLUMNS),
            [row for each in phases for row in _survey(each, language)],
        ),
    )
    return [each for each in made if each.rows]


def _contributions(process: Process) -> Iterator[tuple[Any, ...]]:
    public = Contribution.objects.filter(process=process, hidden_at=None, withdrawn_at=None)
    for row in public.select_related("phase").order_by("kind", "number"):
        yield (
            row.phase.number,
            row.kind,
            row.number,
            redact(row.title, language=row.language),
            redact(row.text, language=row.language),
            row.category,
            round(row.latitude, PLACES) if row.latitude is not None else None,
            round(row.longitude, PLACES) if row.longitude is not None else None,
            row.received_at.date(),
            row.status,
            row.support_count,
            row.comment_count,
            row.cost_cents / 100 if row.cost_cents is not None else None,
        )


def _budget(phase: Phase) -> Iterator[tuple[Any, ...]]:
    if phase.phase_kind is not PhaseKind.BUDGET_VOTE or phase.results_published_at is None:
        return
    kept = Allocation.objects.filter(phase=phase).first()
    if kept is None:
        return
    proposals = Contribution.objects.filter(process=phase.process_id, kind="proposal", hidden_at=None)
    titles = {str(each.number): redact(each.title, language=each.language) for each in proposals}
    is_small = kept.explanation["voters"] < LEAST_SHOWN
    for name, has_won in (("won", True), ("lost", False)):
        for each in kept.explanation[name]:
            few = is_small or 0 < each["backers"] < LEAST_SHOWN
            yield (
                phase.number,
                int(each["proposal_id"]),
                titles.get(each["proposal_id"], ""),
                each["cost_cents"] / 100,
                None if few else each["backers"],
                has_won,
                each["turn"] if has_won else None,
            )


def _poll(phase: Phase) -> Iterator[tuple[Any, ...]]:
    if phase.phase_kind is not PhaseKind.OPINION_MAP:
        return
    kept = opinion_results.latest(phase, now=timezone.now())
    for number, text, language, *votes in opinion_files.table(phase, kept.result if kept else {}):
        yield phase.number, number, redact(text, language=language), language, *votes


def _survey(phase: Phase, language: str) -> Iterator[tuple[Any, ...]]:
    if phase.phase_kind is PhaseKind.SURVEY and phase.state(timezone.now()) is PhaseState.CLOSED:
        found = surveys.results(phase, language=language)
        yield from ((phase.number, *row) for row in surveys.result_rows(phase, found, language))


# --- to the catalogue ---------------------------------------------------------------------------
def offer(process: Process, *, person: Person, now: datetime) -> Reference:
    """Offer what came out to the catalogue: a draft there at first, later new versions of its files.

    Raises:
        NothingToOffer: No table has a row.
        NobodyTakes: There is no catalogue.
    """
    language = settings.LANGUAGE_CODE
    tables = open_tables(process, language=language)
    if not tables:
        raise NothingToOffer
    known = process.dataset.get("uri", "")
    made = opendata.offer(_offer(process, tables, now), known=known, person=person, now=now)
    if made is None:
        raise NobodyTakes
    process.dataset = {**asdict(made), "titles": dict(made.titles)}
    process.save(update_fields=["dataset"])
    audit.record(person, "participation.results.offer", process.iri, {"dataset": made.uri})
    return made


def _offer(process: Process, tables: list[Table], now: datetime) -> opendata.Offer:
    languages = [code for code, _name in settings.LANGUAGES]
    files = [
        opendata.OfferedFile(
            f"{each.name}.csv",
            _in_each(languages, TITLES[each.name]),
            b"".join(export("csv", each.columns, each.rows)),
        )
        for each in tables
    ]
    return opendata.Offer(
        titles=dict(process.titles),
        descriptions=_about(process, languages),
        keywords={code: (word,) for code, word in _in_each(languages, _WORDS).items()},
        path=f"/take-part/{process.slug}/",
        files=files,
        **_days(process, now),
    )


def _in_each(languages: list[str], text: str | Promise) -> dict[str, str]:
    found = {}
    for code in languages:
        with override(code):
            found[code] = str(text)
    return found


def _about(process: Process, languages: list[str]) -> dict[str, str]:
    """Return a description in each language in which the process has a title."""
    known = _in_each(languages, _DESCRIPTION)
    return {
        code: known[code] % {"title": pick(process.titles, code)}
        for code in languages
        if code in process.titles
    }


def _days(process: Process, now: datetime) -> dict[str, date]:
    phases = list(process.phases.all())
    ends = [each.closes_at for each in phases if each.closes_at is not None]
    last = min(now, max(ends)) if len(ends) == len(phases) and ends else now
    return {
        "first_day": timezone.localdate(min(each.opens_at for each in phases)),
        "last_day": timezone.localdate(last),
    }
