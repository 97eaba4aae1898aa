"""A measure travels between two real installations: given out in Hamm, adopted in Arezzo, signed off by three offices,
told back to Hamm, brought up to date by a merge, and taken back as one."""

import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tandem.junctions import examples
from tests.browsers import barriers, press
from tests.journeys.installations import PASSWORD, RunningCity, two_cities
from tests.journeys.keyboard import walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUG = "semaforo-intelligente-hesslerstrasse-marker-allee"
ORIGIN = "intelligente-ampel-hesslerstrasse-marker-allee"
OFFICER, ENGINEER, SECOND = "exchange-exchange-officer", "junctions-traffic-engineer", "ingegnere"
PUBLISHER = "catalogue-publisher"
RESULTS = Path(examples.__file__).parent / "hamm.results.jsonl"
JUNCTION, HAMMS = "junctions/via-del-mercato-via-del-mulino/", "junctions/hesslerstrasse-marker-allee/"
SIGNAL = "signal/hesslerstrasse-marker-allee"
TOLD_WITHIN_S = 60  # the worker publishes each minute
INPUTS = {
    "indicator-responsible": "Ufficio traffico",
    "hesslerstrasse-marker-allee-title": "Via del Mercato / Via del Mulino",
    "hesslerstrasse-marker-allee-latitude": "43,4631",
    "hesslerstrasse-marker-allee-longitude": "11,8782",
}


@pytest.fixture(scope="module")
def partners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, RunningCity]]:
    """Return Hamm and Arezzo with their examples, which do not harvest each other; and a second engineer in Arezzo."""
    settings = {"TANDEM_CATALOGUE_HARVEST_HOURS": "0"}
    with two_cities(tmp_path_factory.mktemp("partners"), settings=settings) as running:
        arezzo = running["arezzo"]
        address = f"{SECOND}@arezzo.example"
        arezzo.tandem("person", "add", address, "--password-stdin", typed=f"{PASSWORD}\n")
        arezzo.tandem("person", "grant", address, "junctions:traffic-engineer")
        yield running


class Desk:
    """Somebody in an office, signed in at the own city's portal."""

    def __init__(self, visitor: Any, city: RunningCity, who: str, *, width: int = 1280) -> None:
        self.city, self.page = city, visitor.new_page(width=width)
        city.sign_in(self.page, who)

    def go(self, path: str) -> None:
        """Open a page of the portal, in the city's language."""
        self.page.goto(f"{self.city.url}/{self.city.language}/{path}")

    def follow(self, address: str) -> None:
        """Follow the first link on the page whose address ends so."""
        press(self.page, self.page.locator(f"main a[href$='{address}']").first)

    def send(self, button: str = "main form .buttons button.button >> nth=0") -> None:
        """Press a button that sends a form."""
        press(self.page, self.page.locator(button))

    def sees(self, text: str) -> bool:
        """Return whether the page says this."""
        return text in self.page.inner_text("main")

    def has(self, path: str, address: str) -> bool:
        """Return whether a page has a link whose address ends so."""
        self.go(path)
        return self.page.locator(f"main a[href$='{address}']").count() > 0

    def link(self, below: str) -> str:
        """Return the path, after the language, of the first link on the page to something below."""
        found = self.page.locator(f"main a[href*='{below}']").first.get_attribute("href")
        return found.partition(f"/{self.city.language}/")[2]

    def row(self, caption: str) -> list[str]:
        """Return who adopted the measure, in which version, and how it stands there."""
        self.go(f"measures/{ORIGIN}/")
        table = self.page.locator("table", has=self.page.locator("caption", has_text=caption))
        return (
            []
            if not table.count()
            else [
                table.locator("tbody tr").first.locator("th, td").nth(number).inner_text()
                for number in (0, 1, 2)
            ]
        )


def until(holds: Callable[[], bool]) -> None:
    """Wait for what happens in the background of a portal."""
    deadline = time.monotonic() + TOLD_WITHIN_S
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.5)


def is_fine(page: Any) -> bool:
    """Return whether axe finds nothing and nothing sticks out, on a desk in light colours, on a phone in dark ones."""
    size, found = page.viewport_size, {}
    for width, colours in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=colours)
        wide = page.evaluate("document.documentElement.scrollWidth")
        found[colours] = [*barriers(page), *([f"{wide} px wide"] if wide > width else [])]
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="light")
    assert found == {"light": [], "dark": []}
    return True


def keys_reach_all(page: Any) -> bool:
    """Return whether the tab key reaches everything on a page, in order and in sight."""
    found = walk(page, set())
    assert found.faults == []
    return len(found.stops) > 5


# --- the steps ------------------------------------------------------------------------------------
def fingerprint(desk: Desk) -> str:
    """Return what somebody reads out at the first meeting."""
    desk.go("partners/trust/")
    return "".join(desk.page.locator("section[aria-labelledby=own] li").all_inner_texts())


def visit(desk: Desk, partner: str, arrived: Callable[[], bool]) -> None:
    """Visit the partner's feed until something has arrived."""

    def is_there() -> bool:
        desk.go(f"partners/trust/{partner}/")
        button = desk.page.locator("main form[action$='/visit/'] button")
        if button.count():
            press(desk.page, button)
        return arrived()

    until(is_there)


def pin(desk: Desk, partner: str, read_out: str) -> None:
    """Compare a partner's key with what the partner reads out, and pin it."""

    def is_seen() -> bool:
        desk.go(f"partners/trust/{partner}/")
        return desk.page.locator("main a[href$='/pin/']").count() > 0

    visit(desk, partner, is_seen)
    desk.follow("/pin/")
    assert is_fine(desk.page)
    assert keys_reach_all(desk.page)
    desk.page.check("[name=how] >> nth=0")
    desk.page.fill("[name=typed]", read_out[-12:])
    desk.send()


def adopt(desk: Desk) -> str:
    """Plan and adopt the measure; return the path of the adoption."""
    desk.go(f"measures/{SLUG}/")
    desk.follow("/adopt/")
    desk.send()  # fetch the bundle
    assert is_fine(desk.page)
    assert keys_reach_all(desk.page)
    desk.send("main button[value=adopt]")
    assert desk.page.locator(".error-summary li").count() == len(INPUTS)
    assert is_fine(desk.page)
    desk.page.check("[name=input-intelligente-ampeln-way][value=show]")
    desk.page.check("[name=input-indicator-interval][value=yearly]")
    for key, value in INPUTS.items():
        desk.page.fill(f"[name=input-{key}]", value)
    desk.send("main button[value=adopt]")
    assert is_fine(desk.page)
    assert keys_reach_all(desk.page)
    return re.search(r"/(adoptions/[0-9a-f-]{36}/)$", desk.page.url).group(1)


def sign_off(desk: Desk, adoption: str, kind: str) -> None:
    """Sign a part off, having looked at it."""
    desk.go(adoption)
    press(desk.page, desk.page.locator(f"main a[href*='/parts/{kind}/'][href$='/sign-off/']").first)
    assert is_fine(desk.page)
    desk.page.fill("[name=note]", "Controllato.")
    desk.send()


def attach(desk: Desk, adoption: str) -> None:
    """Attach the newest simulation to the junction."""
    desk.go(adoption)
    desk.follow("/simulation/")
    desk.page.check("[name=result] >> nth=0")
    desk.send()


def simulate(desk: Desk, adoption: str, junction: str) -> None:
    """Add what the simulation gave to the adopted junction, and attach it to the part."""
    desk.go(f"{junction}evaluations/new/")
    desk.page.fill("[name=titles_it]", "Prima e dopo, in simulazione")
    desk.page.set_input_files("[name=results]", str(RESULTS))
    today = date.today()
    for part in ("day", "month", "year"):
        desk.page.fill(f"[name=made_on_{part}]", str(getattr(today, part)))
    desk.send()
    assert desk.page.locator(".error-summary").count() == 0
    attach(desk, adoption)


def decide(desk: Desk, junction: str, step: str) -> None:
    """Propose or approve the junction's file."""
    desk.go(f"{junction}file/1/")
    desk.send(f"main button[value={step}]")


def go_live(desk: Desk, adoption: str) -> None:
    """Put all parts to use."""
    desk.go(f"{adoption}go-live/")
    desk.send()


def describe_anew(desk: Desk, junction: str, language: str, text: str) -> None:
    """Say in other words what is special about a junction."""
    desk.go(f"{junction}describe/")
    desk.page.fill(f"[name=summaries_{language}]", text)
    desk.send()


def release(desk: Desk, number: str) -> None:
    """Give out another version of the measure."""
    desk.go(f"measures/{ORIGIN}/release/")
    desk.page.fill("[name=number]", number)
    desk.page.fill("[name=changes_de]", "Die Kreuzung ist neu beschrieben.")
    desk.page.fill("[name=changes_it]", "L'incrocio è descritto di nuovo.")
    desk.send()


def take_update(desk: Desk, adoption: str, number: str) -> None:
    """Take a newer version over, and keep our own words where both sides changed them."""
    desk.go(f"{adoption}update/{number}/")
    desk.send()  # fetch the bundle
    assert is_fine(desk.page)
    assert keys_reach_all(desk.page)
    rows = {
        row.locator("code").first.inner_text(): row.inner_text()
        for row in desk.page.locator("section[aria-labelledby=parts] ul.rows > li").all()
    }
    unchanged = [key for key, said in rows.items() if "Resta com’è." in said]
    assert unchanged == ["catalogue/intelligente-ampeln", "indicator/cyclists-wait"]
    assert "/summaries/it" in rows[SIGNAL]
    desk.page.check("main input[name^=choice-][value=ours]")
    desk.send("main button[value=update]")


def answers(city: RunningCity, path: str) -> int:
    """Return how a page answers to the public."""
    try:
        with urllib.request.urlopen(f"{city.url}/{city.language}/{path}", timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_measure_goes_from_hamm_to_arezzo_and_back(partners: dict[str, RunningCity], visitor: Any):
    hamm, arezzo = (Desk(visitor, partners[city], OFFICER) for city in ("hamm", "arezzo"))
    theirs, ours = fingerprint(hamm), fingerprint(arezzo)
    pin(arezzo, "hamm", theirs)
    pin(hamm, "arezzo", ours)

    # adopt
    visit(arezzo, "hamm", lambda: arezzo.has("measures/", f"/{SLUG}/"))
    adoption = adopt(arezzo)
    dataset = arezzo.link("/data/")
    assert [answers(partners["arezzo"], page) for page in (JUNCTION, dataset)] == [404, 404]

    # sign off, each office its part
    engineer, second = (Desk(visitor, partners["arezzo"], who) for who in (ENGINEER, SECOND))
    publisher = Desk(visitor, partners["arezzo"], PUBLISHER, width=360)
    simulate(engineer, adoption, JUNCTION)
    sign_off(engineer, adoption, "signal")
    sign_off(publisher, adoption, "catalogue")
    sign_off(arezzo, adoption, "indicator")
    go_live(arezzo, adoption)
    assert arezzo.page.url.endswith("/go-live/")  # two engineers have to approve the file first
    decide(engineer, JUNCTION, "propose")
    decide(second, JUNCTION, "approve")
    go_live(arezzo, adoption)
    assert [answers(partners["arezzo"], page) for page in (JUNCTION, dataset)] == [200, 200]

    # what came of it
    arezzo.go(adoption)
    indicator = arezzo.link("/indicators/")
    for page in (f"{adoption}comparison/", adoption, indicator):
        arezzo.go(page)
        assert is_fine(arezzo.page)
        assert keys_reach_all(arezzo.page)

    # the receipt is back in Hamm
    visit(hamm, "arezzo", lambda: hamm.row("Wer sie übernommen hat") == ["Arezzo", "1.0.0", "in Gebrauch"])
    assert is_fine(hamm.page)

    def is_quiet() -> bool:
        hamm.go("partners/trust/arezzo/")
        return hamm.page.locator("meta[http-equiv=refresh]").count() == 0

    until(is_quiet)
    assert is_fine(hamm.page)
    assert keys_reach_all(hamm.page)

    # an update, merged with what people changed here
    describe_anew(Desk(visitor, partners["hamm"], ENGINEER), HAMMS, "de", "Beispiel: neu gesagt.")
    describe_anew(Desk(visitor, partners["hamm"], ENGINEER), HAMMS, "it", "Esempio: detto di nuovo.")
    describe_anew(engineer, JUNCTION, "it", "Esempio: solo per provare.")
    release(hamm, "1.1.0")
    visit(arezzo, "hamm", lambda: arezzo.has(adoption, "/update/1.1.0/"))
    take_update(arezzo, adoption, "1.1.0")
    engineer.go(JUNCTION)
    assert engineer.sees("Esempio: solo per provare.")
    engineer.go(f"{JUNCTION}describe/")
    assert engineer.page.input_value("[name=summaries_de]") == "Beispiel: neu gesagt."
    attach(engineer, adoption)
    sign_off(engineer, adoption, "signal")
    go_live(arezzo, adoption)
    visit(hamm, "arezzo", lambda: hamm.row("Wer sie übernommen hat") == ["Arezzo", "1.1.0", "in Gebrauch"])

    # undone as one
    arezzo.go(f"{adoption}undo/")
    assert is_fine(arezzo.page)
    arezzo.send()
    assert arezzo.page.url.endswith("/undo/")  # somebody's words would go, too
    arezzo.page.check("[name=parts][value='signal/hesslerstrasse-marker-allee']")
    arezzo.send()
    assert [answers(partners["arezzo"], page) for page in (JUNCTION, dataset)] == [410, 404]
    visit(
        hamm,
        "arezzo",
        lambda: hamm.row("Wer sie übernommen hat") == ["Arezzo", "1.1.0", "rückgängig gemacht"],
    )
    assert (partners["arezzo"].log() + partners["hamm"].log()).count("Traceback") == 0
    visitor.complaints[:] = [
        each for each in visitor.complaints if not re.search(r"status of 4(00|09)", each)
    ]
