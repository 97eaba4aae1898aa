"""A formal plan procedure in a real browser: announced, laid out, statements received, weighed, decided, answered."""

import re
from datetime import date, timedelta
from email import message_from_bytes, policy
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document

from tests.browsers import barriers, press
from tests.journeys.installations import PASSWORD, free_ports, make_bare_city

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCRIPT = """
from django.utils import timezone
from tandem.accounts.services.people import create_person
from tandem.participation.services import projects

now = timezone.now()
create_person("planner@hamm.example", "", %(password)r, "de", ["participation:planner"])
project = projects.begin(titles={"de": "Stadtgarten", "it": "Giardino", "en": "City garden"}, person=None, now=now)
project.summaries = {"de": "Ein Garten für alle.", "it": "Un giardino per tutti.", "en": "A garden for all."}
project.save()
projects.publish(project, person=None, now=now)
print("SLUG", project.slug)
"""
CLOSE = """
from datetime import timedelta
from django.utils import timezone
from tandem.participation.models import Phase
phase = Phase.objects.get(kind="statements")
phase.closes_at = timezone.now() - timedelta(minutes=1)
phase.save()
"""
CITIZEN = (
    "Der Garten ist zu klein. Im Sommer fehlt Schatten, deshalb bitte ich um Bäume.\n\n"
    "Die Zufahrt liegt gegenüber der Schule. Das ist gefährlich."
)
LETTER = "Wir lehnen die neue Zufahrt ab, weil sie am Schulweg liegt und Kinder gefährdet."
PLAN = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Return an installation with a project, served, and the project's slug."""
    ports = dict(zip(("hamm", "arezzo"), free_ports(2), strict=True))
    made = make_bare_city("hamm", tmp_path_factory.mktemp("plan"), ports)
    printed = made.tandem("manage", "shell", "-c", SCRIPT % {"password": PASSWORD})
    slug = re.search(r"^SLUG (\S+)$", printed, re.MULTILINE).group(1)
    made.start()
    yield made, slug
    made.stop()


def has_no_fault(page):
    """Return whether nothing sticks out of the window and axe finds nothing."""
    assert barriers(page) == []
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def fill_date(page, name, day):
    for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
        page.fill(f"[name={name}_{part}]", str(value))


def send(page):
    """Press the one button that the page is for."""
    press(page, page.locator("main form:has(.field, fieldset) .buttons button.button").first)


def begin(page, running, project):
    """Announce the procedure: blueprint, texts, period, documents, publication; return the phase's address."""
    today = date.today()
    running.sign_in(page, "planner")
    page.goto(f"{running.url}/de/projects/{project}/take-part/new/")
    assert has_no_fault(page)
    page.check("[name=blueprint][value=plan-de]")
    page.fill("[name=titles_de]", "Bebauungsplan Stadtgarten")
    fill_date(page, "opens_on", today - timedelta(days=3))
    send(page)
    page.fill("[name$=texts_de]", "Festgesetzt wird ein öffentlicher Garten. Der Rat entscheidet.")
    send(page)
    process = re.match(r".*/take-part/[^/]+/", page.url).group()
    phase = f"{process}1/"
    page.goto(f"{phase}plan/period/")
    assert has_no_fault(page)
    page.check("[name=rule][value='de.baugb-3-2']")
    fill_date(page, "announced_on", today - timedelta(days=12))
    fill_date(page, "starts_on", today - timedelta(days=3))
    page.fill("[name=access_de]", "Rathaus, Zimmer 12, montags bis freitags von 8 bis 16 Uhr.")
    send(page)
    page.goto(f"{phase}plan/documents/")
    page.set_input_files("[name=file]", {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": PLAN})
    page.fill("[name=titles_de]", "Planzeichnung")
    send(page)
    page.locator("tbody", has_text="plan.pdf").wait_for()
    assert has_no_fault(page)
    page.goto(process)
    press(page, page.locator("button[value=publish]"))
    return phase


def write(page, phase, text, **said):
    """Make a statement by the form; return the number on its receipt."""
    page.goto(f"{phase}statements/new/")
    page.fill("[name=text]", text)
    if said.pop("is_public_body", False):
        page.check("[name=is_public_body]")
    for name, value in said.items():
        page.fill(f"[name={name}]", value)
    send(page)
    page.wait_for_url("**/receipt/")
    return page.url.split("/")[-3]


def make_a_statement(page, phase):
    """Read the announcement and the plan on a phone, send a statement with a photograph; return its number."""
    page.goto(phase)
    assert has_no_fault(page)
    press(page, page.locator("main a[href$='/plan/announcement/']"))
    assert "Zimmer 12" in page.inner_text("main")
    assert has_no_fault(page)
    page.goto(phase)
    with page.expect_download() as plan:
        page.click("main a[href*='/plan/documents/']")
    assert plan.value.path().read_bytes() == PLAN
    page.goto(f"{phase}statements/new/")
    send(page)
    assert page.locator(".field-error").count() == 1
    assert has_no_fault(page)
    page.set_input_files(
        "[name=attachments]", {"name": "b.pdf", "mimeType": "application/pdf", "buffer": PLAN}
    )
    page.fill("[name=text]", CITIZEN)
    page.fill("[name=name]", "Eva Beispiel")
    page.fill("[name=email]", "eva@example.org")
    send(page)
    page.wait_for_url("**/receipt/")
    assert has_no_fault(page)
    return page.url.split("/")[-3]


def verify(page, phase, number):
    """Prove what was sent; another text is told to be another."""
    for text, tone in ((CITIZEN, "success"), (CITIZEN + "!", "warning")):
        page.goto(f"{phase}statements/verify/")
        page.fill("[name=number]", number)
        page.fill("[name=text]", text)
        page.set_input_files(
            "[name=attachments]", {"name": "b.pdf", "mimeType": "application/pdf", "buffer": PLAN}
        )
        send(page)
        assert page.locator(f"main .notice.{tone}").count() == 1
        assert has_no_fault(page)


def record_paper(page, phase):
    """Enter a letter with the day of its stamp."""
    page.goto(f"{phase}statements/paper/")
    assert has_no_fault(page)
    page.select_option("[name=channel]", "paper")
    fill_date(page, "received_on", date.today() - timedelta(days=1))
    page.fill("[name=text]", LETTER)
    page.fill("[name=name]", "Gerd Muster")
    page.fill("[name=address]", "Beispielstraße 2\n59065 Hamm")
    send(page)
    page.wait_for_url("**/statements/")


def weigh(page, phase, number):
    """Group the letters, cut the statement into points, propose an answer to every point."""
    page.goto(f"{phase}statements/")
    assert page.locator("tbody tr").count() == 7
    assert has_no_fault(page)
    press(page, page.locator("form[action$='/group/'] button"))
    addresses = page.eval_on_selector_all("tbody th a", "links => links.map(link => link.href)")
    models = set(page.locator("tbody td:last-child").all_inner_texts()) - {""}
    assert len(models) == 1
    for address in addresses:
        page.goto(address)
        if not page.locator("button[value=begin]").count():
            continue  # it is weighed with its model
        press(page, page.locator("button[value=begin]"))
        if f"/{number}/" in address:
            cut_a_point(page)
        for place in range(page.locator("section.segment").count()):
            page.select_option(f"[name=s{place}-outcome]", index=place % 3)
            page.fill(f"[name=s{place}-reasons]", f"Grund {place + 1} zu {address.split('/')[-2]}")
            press(page, page.locator("button[value=weigh]").nth(place))
        if page.locator("button[value=like-model]").count():
            press(page, page.locator("button[value=like-model]"))
        assert has_no_fault(page)


def cut_a_point(page):
    """Cut a sentence off as a point of its own, and put points together."""
    before = page.locator("section.segment").count()
    page.locator("section.segment details summary").first.press("Enter")
    press(page, page.locator("section.segment details button").first)
    assert page.locator("section.segment").count() == before + 1
    press(page, page.locator("button[value=join]").first)
    assert page.locator("section.segment").count() == before


def decide_and_reply(page, phase):
    """Decide all as proposed, and reply to all at once."""
    page.goto(f"{phase}statements/")
    page.fill("[name=body]", "Rat der Stadt")
    fill_date(page, "decided_on", date.today())
    page.fill("[name=resolution]", "17/2026")
    press(page, page.locator("form[action$='/decide/'] button"))
    press(page, page.locator("form[action$='/reply/'] button"))
    assert page.locator("tbody .status.success").count() == 7


def look_at_results(office, citizen, running, phase, number):
    """See the reply with the receipt and by mail, the letters to print, the table as DOCX and PDF, the archive."""
    citizen.goto(f"{phase}statements/{number}/receipt/")
    assert "Grund 1" in citizen.inner_text("main")
    mails = [
        message_from_bytes(each.read_bytes(), policy=policy.default)
        for each in (running.home / "mail").iterdir()
    ]
    told = [each.get_content() for each in mails if each["To"] == "eva@example.org"]
    assert any(number in each for each in told)
    assert any("Grund 1" in each for each in told)

    office.goto(f"{phase}statements/letters/")
    letters = office.locator("article.letter").all_inner_texts()
    assert sum("Beispielstraße" in each for each in letters) == 4
    assert has_no_fault(office)
    table = Document(BytesIO(office.request.get(f"{phase}statements/synopsis.docx").body()))
    cells = " ".join(cell.text for each in table.tables for row in each.rows for cell in row.cells)
    assert "Schatten" in cells
    assert "Eva Beispiel" not in cells
    assert office.request.get(f"{phase}statements/synopsis.pdf").body().startswith(b"%PDF-")
    with ZipFile(BytesIO(office.request.get(f"{phase}statements/archive.zip").body())) as archive:
        assert any(number in each for each in archive.namelist())


def test_a_procedure_from_announcement_to_reply_letters_and_synopsis(city, visitor):
    running, project = city
    office, citizen = visitor.new_page(), visitor.new_page(width=360)
    phase = begin(office, running, project)
    number = make_a_statement(citizen, phase)
    verify(citizen, phase, number)
    others = visitor.new_page(java_script_enabled=False)
    for who in ("Ada Muster", "Ben Muster", "Cem Muster"):
        write(others, phase, LETTER, name=who, address="Beispielstraße 1\n59065 Hamm")
    write(others, phase, "Leitungen sind zu beachten.", organisation="Beispielwerke", is_public_body=True)
    record_paper(office, phase)

    running.tandem("manage", "shell", "-c", CLOSE)
    write(others, phase, "Noch ein Punkt.", name="Dora Muster")
    assert others.locator("main .notice.warning").count() == 1
    weigh(office, phase, number)
    decide_and_reply(office, phase)
    look_at_results(office, citizen, running, phase, number)
    visitor.complaints = [each for each in visitor.complaints if "400" not in each]  # the form sent empty
