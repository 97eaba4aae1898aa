"""The report as people see it: no barrier that axe-core knows, no scrolling sideways, in light and dark."""

from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("playwright")

from tandem.signals.experiment.report import report
from tandem.signals.experiment.results import RunResult
from tandem.signals.experiment.words import LANGUAGES
from tests.browsers import Visitor, barriers
from tests.signals.experiment.results import RESULTS, a_class, a_run

pytestmark = pytest.mark.browser
PHONE, DESK = 360, 1280
COMPOUND = "Verkehrsbeeinflussungsanlagenbetriebsdienstleistungsgesellschaftsvertrag" * 4
COMMAND = "tandem signals compare hamm --controllers actuated,planner --seeds 3 --report hamm.html"


def opened(visitor: Visitor, results: list[RunResult], *, width: int, dark: bool, **more: Any) -> Any:
    """Return the report in a window, with everything unfolded that can be."""
    page = visitor.new_page(width=width, dark=dark)
    page.set_content(report(results, **({"title": "Heßlerstraße / Marker Allee, Hamm"} | more)))
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    return page


def width_of(page: Any) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "dark"), [(PHONE, False), (PHONE, True), (DESK, False), (DESK, True)])
def test_the_report_has_no_barriers_and_fits_the_window(
    visitor: Visitor, language: str, width: int, dark: bool
):
    words = {"language": language, "scenario_notes": ["Not surveyed."], "command": COMMAND}
    page = opened(visitor, RESULTS, width=width, dark=dark, **words)

    assert barriers(page) == []
    assert width_of(page) == width


def test_long_names_and_many_controllers_do_not_widen_the_page(visitor: Visitor):
    results = [
        replace(each, controller=f"{COMPOUND}-{number}") for number in range(9) for each in RESULTS[::2]
    ]
    words = {"title": COMPOUND, "scenario_notes": [COMPOUND], "command": COMPOUND}
    page = opened(visitor, results, width=PHONE, dark=False, **words)

    assert width_of(page) == PHONE


@pytest.mark.parametrize(
    "results",
    [
        [a_run("planner", 1, a_class())],
        [a_run("actuated", 1, a_class()), a_run("planner", 1, a_class(delay_s=9.0))],
        [replace(each, locked_at_s=700.0, versions={"numpy": str(each.seed)}) for each in RESULTS],
        [a_run("planner", 1)],
    ],
    ids=["one controller", "one pair", "locked", "nobody"],
)
def test_a_report_of_little_has_no_barriers(visitor: Visitor, results: list[RunResult]):
    page = opened(visitor, results, width=PHONE, dark=True)

    assert barriers(page) == []
    assert width_of(page) == PHONE


def test_the_skip_link_comes_first_and_can_be_seen(visitor: Visitor):
    page = opened(visitor, RESULTS, width=PHONE, dark=False)
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#summary"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
