"""What the demo's cities do with each other: in which order, what is done once only, what is told when it fails."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess

from tandem.site.demo import Demo
from tandem.site.demo_partners import TRIES, Partners

CITIES = ("hamm", "arezzo")
TOLD_LAST = "What each city adopted is under Partners, Measures, and for the staff under Adoptions."
VISITS = [("hamm", "exchange feed visit arezzo"), ("arezzo", "exchange feed visit hamm")]
PUBLISHES = [(city, "exchange feed publish") for city in CITIES]
WORKS = [step for city in CITIES for step in ((city, "example adopt"), (city, "exchange feed publish"))]


@dataclass
class Commands:
    """Commands that end as they are told to.

    Attributes:
        codes: Of commands: what they end with one after the other; with 0 from then on.
    """

    codes: Mapping[str, list[int]] = field(default_factory=dict)
    ran: list[tuple[str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def __call__(self, city: str, *arguments: str) -> CompletedProcess[str]:
        said = " ".join(arguments)
        self.ran.append((city, said))
        waiting = self.codes.get(f"{city}: {said}", [])
        shown = json.dumps({"fingerprint": f"of {city}"})
        return CompletedProcess(arguments, waiting.pop(0) if waiting else 0, shown, "It is broken.\n")

    def meet(self, is_over: Callable[[], bool] = lambda: False) -> list[tuple[str, str]]:
        """Let the cities meet; return what was done after the harvests."""
        Partners(CITIES, self, self.told.append, is_over).meet()
        assert self.ran[:2] == [(city, "harvest run --all") for city in CITIES][: len(self.ran)]
        return self.ran[2:]


def test_a_key_that_waits_is_compared_with_what_the_partner_itself_shows():
    commands = Commands({"hamm: exchange feed visit arezzo": [3], "arezzo: exchange feed visit hamm": [3]})

    assert commands.meet() == [
        *PUBLISHES,
        VISITS[0],
        ("arezzo", "exchange key show --json"),
        ("hamm", "exchange key pin arezzo of arezzo --how letter"),
        VISITS[0],
        VISITS[1],
        ("hamm", "exchange key show --json"),
        ("arezzo", "exchange key pin hamm of hamm --how letter"),
        VISITS[1],
        *WORKS,
        *VISITS,
    ]
    assert commands.told[-1] == TOLD_LAST


def test_a_key_that_is_pinned_is_not_compared_again():
    assert Commands().meet() == [*PUBLISHES, *VISITS, *WORKS, *VISITS]


def test_a_visit_that_was_overtaken_is_made_again_but_not_for_ever():
    once, always = (
        Commands({"hamm: exchange feed visit arezzo": [5] * times}) for times in (TRIES - 1, TRIES)
    )

    assert once.meet() == [*PUBLISHES, *[VISITS[0]] * TRIES, VISITS[1], *WORKS, *VISITS]
    assert always.meet() == [*PUBLISHES, *[VISITS[0]] * TRIES]
    assert always.told[-1] == "The cities do not exchange measures: It is broken."


def test_a_key_that_is_not_the_one_is_not_trusted_and_nothing_goes_on():
    pin = "hamm: exchange key pin arezzo of arezzo --how letter"
    commands = Commands({"hamm: exchange feed visit arezzo": [3], pin: [5]})

    assert commands.meet()[-1] == ("hamm", "exchange key pin arezzo of arezzo --how letter")
    assert commands.told[-1] == "The cities do not exchange measures: It is broken."


def test_a_harvest_that_fails_is_no_obstacle():
    assert len(Commands({"hamm: harvest run --all": [6]}).meet()) == len(PUBLISHES + VISITS + WORKS + VISITS)


def test_once_the_demo_is_stopped_nothing_begins_and_nothing_is_told():
    commands = Commands({"arezzo: harvest run --all": [1]})

    assert commands.meet(lambda: len(commands.ran) == 2) == []
    assert commands.told == [f"{city} takes over its partner's catalogue …" for city in ("Hamm", "Arezzo")]


def test_stopping_breaks_a_command_off(tmp_path: Path):
    demo = Demo(tmp_path, {"hamm": 8000}, print)
    demo._tandem("init", str(tmp_path / "hamm"), "--city", "hamm")
    shown = demo._interruptibly("hamm", "exchange", "key", "show")
    demo._stop()
    broken_off = demo._interruptibly("hamm", "exchange", "key", "show")

    assert (shown.returncode, shown.stdout.count("Fingerprint: ")) == (0, 1)
    assert (broken_off.returncode != 0, broken_off.stdout) == (True, "")
