"""Why a running engine does what it does: its sentence taken apart, so that every reader gets it in their language.

Only what this page knows is kept of a sentence. What it does not know is not shown and not stored: a free text could
hold anything.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tandem.core.text import Sentence, say

KINDS = ("car", "pedestrian", "bicycle", "bus", "tram")
_WORDS = {
    "car": "car",
    "cars": "car",
    "pedestrian": "pedestrian",
    "pedestrians": "pedestrian",
    "cyclist": "bicycle",
    "cyclists": "bicycle",
    "bus": "bus",
    "buses": "bus",
    "tram": "tram",
    "trams": "tram",
}
_PEOPLE = rf"(?P<people>\d{{1,4}} (?:{'|'.join(_WORDS)})(?:(?:, | and )\d{{1,4}} (?:{'|'.join(_WORDS)}))*)"
_STAGE = r"(?P<stage>\S.{0,99}?)"
_HELD = r"(?P<held>; somebody is still inside the junction)?"
_FORMS: Mapping[str, str] = {
    "coming": rf"stays with stage {_STAGE}: {_PEOPLE} arrives? within (?P<seconds>\d{{1,5}}) s",
    "for-now": rf"stays with stage {_STAGE} for now: {_PEOPLE} elsewhere",
    "nobody": rf"stays with stage {_STAGE}: nobody is elsewhere",
    "waiting": rf"changes to stage {_STAGE}: {_PEOPLE} there(?:, waiting up to (?P<seconds>\d{{1,5}}) s)?{_HELD}",
    "changes": rf"changes to stage {_STAGE}{_HELD}",
    "silent": r"the detectors are silent",
    "old": r"the detectors' view is -?\d{1,12} ms old",
    "impossible": r"the detectors report what cannot be|the detectors' view is of another junction",
    "failed": r"the controller failed: .*",
}
_PATTERNS = {name: re.compile(form, re.S) for name, form in _FORMS.items()}


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided in one second.

    Attributes:
        form: Which of the sentences it is; empty for one that is not known.
        stage: The stage that is kept or changed to, where the sentence names one.
        people: Who the decision is about: class of road user → how many.
        seconds: Within which they arrive, or for which somebody has waited.
        held: Whether a green waits for somebody inside the junction.
    """

    form: str = ""
    stage: str = ""
    people: Mapping[str, int] = field(default_factory=dict)
    seconds: int = 0
    held: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values; ``Decision(**values)`` reads them."""
        return {
            "form": self.form,
            "stage": self.stage,
            "people": dict(self.people),
            "seconds": self.seconds,
            "held": self.held,
        }

    def sentences(self) -> list[Sentence]:
        """Return what is said of it, without the numbers of road users, which stand beside it."""
        said = [_SAID[self.form](self)] if self.form in _SAID else []
        if self.form == "waiting" and self.seconds:
            said.append(say("The longest wait is {seconds} s.", seconds=self.seconds))
        if self.held:
            said.append(say("Somebody is still inside the junction, so a green waits."))
        return said

    @property
    def is_trouble(self) -> bool:
        """True where the fixed plan answers for a controller that cannot."""
        return self.form in {"silent", "old", "impossible", "failed"}


_SAID: Mapping[str, Callable[[Decision], Sentence]] = {
    "coming": lambda it: say(
        "Stage {stage} stays green, because somebody arrives within {seconds} s.",
        stage=it.stage,
        seconds=it.seconds,
    ),
    "for-now": lambda it: say("Stage {stage} stays green for now, while others wait.", stage=it.stage),
    "nobody": lambda it: say(
        "Stage {stage} stays green, because nobody is waiting elsewhere.", stage=it.stage
    ),
    "waiting": lambda it: say("It changes to stage {stage}, because somebody is there.", stage=it.stage),
    "changes": lambda it: say("It changes to stage {stage}.", stage=it.stage),
    "silent": lambda it: say("The detectors are silent, so the fixed plan is shown."),  # noqa: ARG005
    "old": lambda it: say("What the detectors see is too old, so the fixed plan is shown."),  # noqa: ARG005
    "impossible": lambda it: say("The detectors report what cannot be, so the fixed plan is shown."),  # noqa: ARG005
    "failed": lambda it: say("The controller did not answer, so the fixed plan is shown."),  # noqa: ARG005
}


def read_decision(why: str) -> Decision:
    """Return what an engine's sentence says; an empty decision where the sentence is not one of those known.

    >>> found = read_decision("changes to stage 2: 6 cyclists and 1 car there, waiting up to 9 s")
    >>> found.form, found.stage, dict(found.people), found.seconds
    ('waiting', '2', {'bicycle': 6, 'car': 1}, 9)
    """
    for form, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(why):
            values = found.groupdict()
            return Decision(
                form,
                values.get("stage") or "",
                _people(values.get("people") or ""),
                int(values.get("seconds") or 0),
                bool(values.get("held")),
            )
    return Decision()


def _people(text: str) -> dict[str, int]:
    return {_WORDS[word]: int(number) for number, word in re.findall(r"(\d+) (\w+)", text)}
