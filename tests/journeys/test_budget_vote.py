"""A budget in a real browser: a letter's code, a ballot on a phone, cast; then the result with its reasons."""

import json

import pytest

from tests.browsers import barriers
from tests.journeys.installations import PASSWORD, free_ports, make_bare_city

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCRIPT = """
import json
from datetime import timedelta
from django.utils import timezone
from tandem.accounts.services.people import create_person
from tandem.participation.models import Contribution
from tandem.participation.services import processes, projects, voting_codes

now = timezone.now()
office = create_person("planner@hamm.example", "", %(password)r, "de", ["participation:planner"])
project = projects.begin(titles={"de": "Stadtgarten", "it": "Giardino", "en": "City garden"}, person=None, now=now)
project.summaries = {"de": "Ein Garten für alle.", "it": "Un giardino.", "en": "A garden."}
project.save()
projects.publish(project, person=None, now=now)
process = processes.begin(
    project, code="budget", titles={"de": "Bürgerhaushalt", "it": "Bilancio", "en": "Budget"},
    opens_at=now - timedelta(days=75), person=None, now=now,
)
processes.publish(process, person=None, now=now)
first, vote = process.phases.get(number=1), process.phases.get(number=3)
vote.settings = {"budget_cents": 100_000_00, "most_choices": 2}
vote.admitted = ["code"]
vote.save()
for number, (title, euros) in enumerate(
    [("Bänke am Wasser", 40_000), ("Bäume im Hof", 30_000), ("Bus in den Abend", 60_000), ("Ein neues Bad", 90_000)], 1
):
    Contribution.objects.create(
        process=process, phase=first, kind="proposal", number=number, title=title, text=title + ", bitte.",
        language="de", feasible=True, cost_cents=euros * 100,
    )
print("CODES", json.dumps(list(voting_codes.make_codes(vote, 14, batch="north", person=office, now=now))), process.slug)
"""
CLOSE = """
from django.utils import timezone
from tandem.participation.models import Phase
from tandem.participation.services import allocating, voting
from tandem.participation.services.voting import Choice
vote = Phase.objects.select_related("process").get(kind="budget-vote")
for number, code in enumerate(%(codes)r):
    voting.cast(vote, Choice(("1", "2") if number < 7 else ("3",)), now=timezone.now(), code=code)
vote.closes_at = timezone.now()
vote.save()
allocating.reckon(vote, now=timezone.now())
allocating.publish(vote, person=None, now=timezone.now())
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Return an installation with a vote that is open, served; with its codes and the vote's address."""
    ports = dict(zip(("hamm", "arezzo"), free_ports(2), strict=True))
    made = make_bare_city("hamm", tmp_path_factory.mktemp("budget"), ports)
    printed = made.tandem("manage", "shell", "-c", SCRIPT % {"password": PASSWORD})
    line = next(each for each in printed.splitlines() if each.startswith("CODES"))
    codes, slug = line.removeprefix("CODES ").rsplit(" ", 1)
    made.start()
    yield made, json.loads(codes), f"{made.url}/de/take-part/{slug}/3/"
    made.stop()


def fits(page):
    """Return whether nothing sticks out of the window."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def cast_a_ballot(page, address, code):
    """Vote for two of four, by the keyboard where that is the quicker way."""
    page.goto(address)
    assert (fits(page), barriers(page)) == (True, [])
    page.fill("[name=voting_code]", code.lower())
    page.press("[name=voting_code]", "Enter")
    page.check("text=Bänke am Wasser")
    page.check("text=Bäume im Hof")
    assert (fits(page), barriers(page)) == (True, [])


def test_a_vote_from_a_letter_on_a_phone(city, visitor):
    _running, codes, address = city
    page = visitor.new_page(width=360)
    cast_a_ballot(page, address, codes[0])
    assert "70.000" in page.inner_text("[data-sum]")
    page.check("text=Bus in den Abend")
    assert "too-many" in page.get_attribute("[data-sum]", "class")
    page.uncheck("text=Bus in den Abend")
    page.click("button[value=look]")
    assert page.locator("main input[name=choice]").count() == 2
    assert (fits(page), barriers(page)) == (True, [])
    page.click("button[value=again]")
    assert page.locator("main input[name=choice]:checked").count() == 2
    page.click("button[value=look]")
    page.click("button[value=cast]")
    page.wait_for_url("**/vote/thanks/")
    assert barriers(page) == []
    page.goto(address)
    page.fill("[name=voting_code]", codes[0])
    page.press("[name=voting_code]", "Enter")
    assert page.locator(".field-error").count() == 1
    visitor.complaints.clear()  # the browser notes the answer 400


def test_a_vote_without_scripts(city, visitor):
    _running, codes, address = city
    page = visitor.new_page(java_script_enabled=False)
    page.goto(address)
    page.fill("[name=voting_code]", codes[1])
    page.press("[name=voting_code]", "Enter")
    page.check("text=Ein neues Bad")
    page.fill("main [name=q]", "Hof")
    page.press("main [name=q]", "Enter")
    assert page.locator("main input[name=choice]").count() == 2  # what is chosen stays in sight
    page.click("button[value=look]")
    page.click("button[value=cast]")
    assert page.url.endswith("/vote/thanks/")


def test_the_office_sets_prints_and_enters(city, visitor):
    running, _codes, address = city
    page = visitor.new_page()
    running.sign_in(page, "planner")
    for name in ("rule", "codes", "paper"):
        page.goto(f"{address}vote/{name}/")
        assert (fits(page), barriers(page)) == (True, [])
    page.fill("[name=sheet]", "A-1")
    page.fill("[name=choices]", "1 4")
    page.press("[name=choices]", "Enter")
    assert page.locator(".messages").count() == 1
    page.goto(f"{address}vote/codes/")
    page.fill("[name=count]", "3")
    page.fill("#id_batch", "south")
    page.check("[name=kind][value=pdf]")
    with page.expect_download() as download:
        page.click("button[value=make]")
    assert download.value.suggested_filename.endswith("-south.pdf")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_result_says_who_paid_for_what(city, visitor, width):
    running, codes, address = city
    if width == 360:
        running.tandem("manage", "shell", "-c", CLOSE % {"codes": codes[2:]})
    page = visitor.new_page(width=width)
    page.goto(address)
    assert (fits(page), barriers(page)) == (True, [])
    page.click("#won ~ div a")
    assert (fits(page), barriers(page)) == (True, [])
