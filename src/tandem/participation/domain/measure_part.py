"""A process as a part of a measure: a blueprint without people, places or dates, and whether what came is one.

Lengths are days, counted from the first day, so that a process begins anew wherever and whenever it is adopted.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from tandem.core.errors import InvalidInput
from tandem.core.findings import Finding, Severity
from tandem.core.part_values import (
    LONGEST_LINE,
    MAIL,
    TEXTS,
    TITLE,
    TITLES,
    Check,
    Faults,
    by_language,
    errors,
    fault,
    form,
    missing,
    not_filled_in,
    number,
    one_of,
    optional,
    record,
    several,
    text,
    truth,
    twice,
    whole,
    wrong,
)
from tandem.core.text import say
from tandem.participation.domain.blueprint import PhaseDraft, windows
from tandem.participation.domain.budget.election import VoteType
from tandem.participation.domain.budget.rule import Method
from tandem.participation.domain.phase import (
    PhaseKind,
    Who,
    Window,
    admittable,
    could_vote_twice,
)
from tandem.participation.domain.phase_settings import SETTINGS, SHAPES
from tandem.participation.domain.survey import QuestionKind

NEW = "new"
MOST_PHASES, MOST_DAYS, MOST_QUESTIONS, MOST_OPTIONS, MOST_STEPS = 20, 3_660, 100, 100, 20
LONGEST_TITLE = 120


class BadPart(InvalidInput):
    """A part cannot become a process.

    Attributes:
        findings: Everything that is wrong with it.
    """

    code = "participation.part.bad"

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        super().__init__(say("{path}: {message}", path=first.path or "/", message=first.message))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class PhaseKept:
    """A phase of a process as it is.

    Attributes:
        admitted: Values of ``Who``; None for the usual ones.
    """

    kind: PhaseKind
    titles: Mapping[str, str]
    texts: Mapping[str, str]
    window: Window
    admitted: Sequence[str] | None
    settings: Mapping[str, Any]


# --- what travels -------------------------------------------------------------------------------
def phase_keys(kinds: Iterable[PhaseKind]) -> list[str]:
    """Return what the phases of a process are known by: their kind, and a number from the second of a kind on.

    >>> phase_keys([PhaseKind.IDEAS, PhaseKind.SURVEY, PhaseKind.IDEAS])
    ['ideas', 'survey', 'ideas-2']
    """
    keys: list[str] = []
    seen: list[PhaseKind] = []
    for kind in kinds:
        seen.append(kind)
        count = seen.count(kind)
        keys.append(kind.value if count == 1 else f"{kind.value}-{count}")
    return keys


def phases_of(kept: Sequence[PhaseKept], zone: tzinfo) -> list[dict[str, Any]]:
    """Return the phases of a process as they travel.

    Args:
        kept: In their order.
        zone: The city's time zone, in which its days begin and end.
    """
    found: list[dict[str, Any]] = []
    end: date | None = None
    for key, each in zip(phase_keys(one.kind for one in kept), kept, strict=True):
        first, after = _days(each.window, zone)
        found.append(
            {
                "key": key,
                "kind": each.kind.value,
                "titles": dict(each.titles),
                "texts": dict(each.texts),
                "pause_days": max(0, (first - end).days) if end else 0,
                "days": (after - first).days if after else None,
                "admitted": None if each.admitted is None else sorted(each.admitted),
                "settings": general_settings(each.kind, each.settings),
            }
        )
        end = after or first
    return found


def _days(window: Window, zone: tzinfo) -> tuple[date, date | None]:
    """Return the first day of a window and the day after its last."""
    first = window.opens_at.astimezone(zone).date()
    if window.closes_at is None:
        return first, None
    last = (window.closes_at.astimezone(zone) - timedelta(microseconds=1)).date()
    return first, last + timedelta(days=1)


def general_settings(kind: PhaseKind, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a phase's settings makes sense in another city, with what is usual filled in."""
    whole_settings = SETTINGS[kind].from_json(values).as_json()
    return {name: _plain(whole_settings[name]) for name in CHECKS[kind]}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: lists for tuples."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value


def settings_with(kind: PhaseKind, values: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a phase with those of a part in them; what belongs to the place stays as it was."""
    taken = {name: values[name] for name in CHECKS[kind] if name in values}
    settings: dict[str, Any] = _plain(SETTINGS[kind].from_json({**kept, **taken}).as_json())
    return settings


def schedule(phases: Sequence[Mapping[str, Any]], first_day: date, zone: tzinfo) -> list[Window]:
    """Return when the phases of a part are open if the first begins on a day."""
    drafts = [
        PhaseDraft(PhaseKind(each["kind"]), {}, each.get("days") or 1, each["pause_days"]) for each in phases
    ]
    opens_at = datetime.combine(first_day, time(), zone)
    found = windows(drafts, opens_at=opens_at, zone=zone)
    return [
        window if each.get("days") else Window(window.opens_at)
        for window, each in zip(found, phases, strict=True)
    ]


# --- is it what it should be? -------------------------------------------------------------------
def check(fields: Mapping[str, Any], country: str) -> list[Finding]:
    """Return everything that is wrong with the fields of a part, filled in.

    Args:
        country: ISO 3166-1 alpha-2 of the city that adopts it.
    """
    found = list(_FIELDS(fields, ""))
    if errors(found):
        return found
    found += [not_filled_in(f"/{name}") for name in INPUTS if not fields.get(name)]
    phases = fields["phases"]
    if not phases:
        found.append(missing("/phases"))
    found += twice([each["key"] for each in phases], "/phases")
    for place, each in enumerate(phases):
        found += _phase(each, f"/phases/{place}", country, is_last=place == len(phases) - 1)
    return found


def _phase(values: Mapping[str, Any], path: str, country: str, *, is_last: bool) -> Faults:
    kind = PhaseKind(values["kind"])
    if not re.fullmatch(rf"{kind.value}(-[0-9]{{1,2}})?", values["key"]):
        message = say("The name of a phase begins with its kind, {kind}.", kind=kind.value)
        yield fault("phase-key", f"{path}/key", message)
    yield from record(CHECKS[kind])(values["settings"], f"{path}/settings")
    admitted = values.get("admitted")
    if admitted is not None:
        chosen = {Who(each) for each in admitted}
        if not chosen or not chosen <= admittable(kind) or could_vote_twice(kind, chosen):
            message = say("A phase of this kind cannot admit just these.")
            yield fault("admitted", f"{path}/admitted", message)
    if values.get("days") is None and not is_last:
        yield fault("open-ended", f"{path}/days", say("Only the last phase can have an open end."))
    rule = values["settings"].get("rule", "")
    if isinstance(rule, str) and rule and rule.partition(".")[0].upper() != country:
        message = say("The period follows the law of another country. Choose the rule of this one.")
        yield Finding(Severity.WARNING, "participation.part.foreign-law", f"{path}/settings/rule", message)


def _question(value: Any, path: str) -> Faults:
    found = list(_QUESTION(value, path))
    yield from found
    if not errors(found) and value["kind"] == QuestionKind.SCALE:
        least, most = value.get("least"), value.get("most")
        if not (isinstance(least, int) and isinstance(most, int) and 0 < most - least < MOST_STEPS):
            yield fault("scale", path, say("A scale goes from a whole number to a larger one, in few steps."))


def key_faults(phases: Sequence[Mapping[str, Any]]) -> Faults:
    """Yield which phases are called otherwise than their place among the phases of their kind says."""
    expected = phase_keys(PhaseKind(each["kind"]) for each in phases)
    for place, (each, key) in enumerate(zip(phases, expected, strict=True)):
        if each["key"] != key:
            yield fault(
                "phase-key", f"/phases/{place}/key", say("This phase has to be called {key}.", key=key)
            )


def _first_day(value: Any, path: str) -> Faults:
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        yield wrong(path)


# --- what there may be --------------------------------------------------------------------------
_KEY = form(r"[a-z0-9][a-z0-9_-]{0,59}")
_LINE, _NUMBER = text(LONGEST_LINE), optional(number)
_OPTION = record({"id": _KEY, "titles": TITLE}, ("id", "titles"))
_BRANCH = record(
    {"to": form(r"[a-z0-9_-]{0,60}"), "options": several(_KEY), "least": _NUMBER, "most": _NUMBER}, ("to",)
)
_QUESTION_FIELDS: Mapping[str, Check] = {
    "id": _KEY,
    "kind": one_of(QuestionKind),
    "titles": TITLE,
    "hints": TITLES,
    "options": several(_OPTION, MOST_OPTIONS),
    "required": truth,
    "least": _NUMBER,
    "most": _NUMBER,
    "branches": several(_BRANCH, MOST_OPTIONS),
    "otherwise": optional(form(r"[a-z0-9_-]{0,60}")),
    "least_titles": TITLES,
    "most_titles": TITLES,
}
_QUESTION = record(_QUESTION_FIELDS, ("id", "kind", "titles"))
_IDEAS: Mapping[str, Check] = {
    "categories": several(record({"key": _KEY, "titles": TITLE}, ("key", "titles")), 100),
    "shapes": several(one_of(SHAPES), len(SHAPES)),
    "place_required": truth,
    "photos": truth,
    "comments": truth,
    "supports": truth,
    "longest_text": whole(1, 20_000),
}
CHECKS: Mapping[PhaseKind, Mapping[str, Check]] = {
    PhaseKind.IDEAS: _IDEAS,
    PhaseKind.BUDGET_SUBMIT: _IDEAS,
    PhaseKind.STATEMENTS: {
        "rule": form(r"([a-z]{2}\.[a-z0-9-]{1,40})?"),
        "notice_days": whole(0, 365),
        "deposit_days": whole(1, 365),
        "observation_days": whole(1, 365),
        "basis": _LINE,
    },
    PhaseKind.BUDGET_CHECK: {},
    PhaseKind.BUDGET_VOTE: {
        "budget_cents": whole(0, 10**13),
        "vote_type": one_of(VoteType),
        "most_choices": whole(0, 1_000),
        "points": whole(1, 1_000),
        "method": one_of(Method),
        "add_one": truth,
        "completion": truth,
        "codes_per_hour": whole(3, 100),
    },
    PhaseKind.BUDGET_RESULT: {},
    PhaseKind.OPINION_MAP: {
        "admit_first": truth,
        "longest_text": whole(40, 300),
        "smallest_group": whole(3, 100),
    },
    PhaseKind.SURVEY: {"questions": several(_question, MOST_QUESTIONS), "smallest_count": whole(3, 100)},
}
"""By kind of phase, the settings that travel; no others do: not the dates, the region, the address of an office."""

_PHASE: Mapping[str, Check] = {
    "key": _KEY,
    "kind": one_of(PhaseKind),
    "titles": by_language(text(LONGEST_TITLE)),
    "texts": TEXTS,
    "pause_days": whole(0, MOST_DAYS),
    "days": optional(whole(1, MOST_DAYS)),
    "admitted": optional(several(one_of(Who), len(Who))),
    "settings": lambda value, path: iter(()) if isinstance(value, Mapping) else iter([wrong(path)]),
}
INPUTS: Mapping[str, Check] = {
    "title": optional(text(LONGEST_TITLE)),
    "first_day": optional(_first_day),
    "project": optional(text(LONGEST_TITLE)),
    "contact_mail": optional(MAIL),
}
_FIELDS = record(
    {
        **INPUTS,
        "texts": TEXTS,
        "phases": several(record(_PHASE, ("key", "kind", "pause_days", "settings")), MOST_PHASES),
    },
    ("texts", "phases"),
)
