"""The tutorial "Adopt a partner's measure", walked by browser between two real installations, word for word."""

import re
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tandem.site.demo_partners import Partners
from tests.architecture.committed import ROOT
from tests.browsers import barriers, press
from tests.journeys.installations import TANDEM, RunningCity, two_cities

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TUTORIAL = (ROOT / "docs" / "tutorials" / "adopt-a-measure.md").read_text("utf-8")
IDEAS = "Example: collect ideas for a place"
PROCESS = "input-beispiel-ideen-fuer-den-ort"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, RunningCity]]:
    """Return both cities after they met as they do in the demo."""
    with two_cities(tmp_path_factory.mktemp("demo")) as running:

        def run(city: str, *arguments: str) -> subprocess.CompletedProcess[str]:
            return subprocess.run(
                [*TANDEM, "--home", str(running[city].home), *arguments],
                capture_output=True,
                text=True,
                check=False,
                env=running[city].environment,
            )

        told: list[str] = []
        Partners(list(running), run, told.append, lambda: False).meet()
        assert told[-1] in TUTORIAL
        for city in running.values():
            city.language = "en"
        yield running


class Reader:
    """Somebody who follows the tutorial, signed in."""

    def __init__(self, visitor: Any, city: RunningCity, who: str) -> None:
        assert f"`{who}@{city.id}.example`" in TUTORIAL
        self.city, self.page = city, visitor.new_page()
        city.sign_in(self.page, who)

    def choose(self, label: str, *, below: str = "main") -> None:
        """Follow the link or press the button that the tutorial names."""
        assert f"**{label}**" in TUTORIAL
        found = self.page.locator(f"{below} a, {below} button").filter(has_text=label).first
        press(self.page, found)
        assert barriers(self.page) == []

    def open(self) -> None:
        """Open the adoption by the staff's menu."""
        found = self.page.locator("header a").filter(has_text=re.compile(r"^\s*Adoptions\s*$")).first
        assert "**Adoptions**" in TUTORIAL
        self.page.goto(f"{self.city.url}{found.get_attribute('href')}")
        self.choose(IDEAS)

    def confirm(self) -> None:
        """Send the form of a page that says what will happen."""
        press(self.page, self.page.locator("main form .buttons button.button").first)


def adopters(page: Any, hamm: RunningCity, measure: str) -> list[str]:
    """Return what the row of the table of Hamm's page says."""
    address = f"/en/measures/{measure}/"
    assert f"<http://localhost:8000{address}>" in TUTORIAL
    page.goto(f"{hamm.url}{address}")
    table = page.locator("table", has=page.locator("caption", has_text="Who took it over"))
    cells = table.locator("tbody tr").first.locator("th, td")
    return [cells.nth(number).inner_text() for number in range(4)]


def test_the_tutorial_leads_through_an_adoption(demo: dict[str, RunningCity], visitor: Any):
    hamm, arezzo = demo["hamm"], demo["arezzo"]
    public = visitor.new_page()

    # 2. one that is in use
    public.goto(f"{arezzo.url}/en/junctions/")
    assert public.locator("main a", has_text="Esempio: incrocio ripreso da Hamm").count() >= 1
    light = adopters(public, hamm, "intelligente-ampel-hesslerstrasse-marker-allee")
    assert light == ["Arezzo", "1.0.0", "in use", "3 of 3"]

    # 3. and 4.: two offices sign
    officer = Reader(visitor, arezzo, "exchange-exchange-officer")
    officer.open()
    officer.choose("Sign off")
    officer.confirm()
    assert officer.page.locator("main a[href$='/sign-off/']").count() == 0
    planner = Reader(visitor, arezzo, "participation-planner")
    planner.open()
    planner.choose("Sign off")
    planner.confirm()

    # 5. and 6.: in use, and told
    officer.open()
    officer.choose("Put it to use")
    officer.confirm()
    public.goto(f"{arezzo.url}/en/take-part/")
    process = "Esempio: idee per un luogo, come a Hamm"
    assert public.locator("main a", has_text=process).count() >= 1
    assert ".venv/bin/tandem --home demo/hamm exchange feed visit arezzo\n" in TUTORIAL
    hamm.tandem("exchange", "feed", "visit", "arezzo")
    ideas = "beispiel-ideen-fuer-einen-ort-sammeln"
    assert adopters(public, hamm, ideas) == ["Arezzo", "1.0.0", "in use", "2 of 2"]

    # 7. once more from the beginning
    officer.open()
    officer.choose("Undo the adoption")
    officer.confirm()
    public.goto(f"{arezzo.url}/en/take-part/")
    assert public.locator("main a", has_text=process).count() == 0
    officer.choose("The measure")
    officer.choose("Adopt")
    page, begins = officer.page, date.today() + timedelta(days=14)
    page.check("main input[name=left_out][value='catalogue/strassenbaeume']")
    page.fill(f"[name={PROCESS}-title]", "Esempio: di nuovo")
    for part in ("day", "month", "year"):
        page.fill(f"[name={PROCESS}-first-day_{part}]", str(getattr(begins, part)))
    page.fill("[name=input-indicator-responsible]", "Esempio: ufficio")
    officer.choose("Plan again")
    assert page.input_value(f"[name={PROCESS}-title]") == "Esempio: di nuovo"
    press(page, page.locator("main button[value=adopt]"))
    assert re.search(r"/adoptions/[0-9a-f-]{36}/$", page.url)
    assert page.locator("main a[href$='/sign-off/']").count() == 1
    assert (arezzo.log() + hamm.log()).count("Traceback") == 0
