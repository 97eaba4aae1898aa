"""An idea in a real browser: drawn and sent on a phone, talked about, reported, decided by key, appealed, answered."""

import re
from email import message_from_bytes, policy
from io import BytesIO

import pytest
from PIL import Image

from tests.browsers import barriers
from tests.journeys.installations import PASSWORD, free_ports, make_bare_city

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SCRIPT = """
from datetime import timedelta
from django.utils import timezone
from tandem.accounts.services.people import create_person
from tandem.participation.services import processes, projects

now = timezone.now()
for role in ("planner", "moderator"):
    create_person(f"{role}@hamm.example", "", %(password)r, "de", [f"participation:{role}"])
project = projects.begin(titles={"de": "Stadtgarten", "it": "Giardino", "en": "City garden"}, person=None, now=now)
project.summaries = {"de": "Ein Garten für alle.", "it": "Un giardino per tutti.", "en": "A garden for all."}
project.latitude, project.longitude = 51.68, 7.82
project.save()
projects.publish(project, person=None, now=now)
process = processes.begin(
    project, code="ideas", titles={"de": "Ideen", "it": "Idee", "en": "Ideas"},
    opens_at=now - timedelta(days=1), person=None, now=now,
)
processes.publish(process, person=None, now=now)
print("SLUG", process.slug)
"""


SEND = """
from django.utils import timezone
from tandem.participation.services import notifying
notifying.send_due(timezone.now())
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Return an installation with a process for ideas, served, and the phase's address."""
    ports = dict(zip(("hamm", "arezzo"), free_ports(2), strict=True))
    made = make_bare_city("hamm", tmp_path_factory.mktemp("ideas"), ports)
    printed = made.tandem("manage", "shell", "-c", SCRIPT % {"password": PASSWORD})
    slug = re.search(r"^SLUG (\S+)$", printed, re.MULTILINE).group(1)
    made.start()
    yield made, f"{made.url}/de/take-part/{slug}/1/"
    made.stop()


def is_fine(page):
    """Return whether nothing sticks out of the window; axe finds nothing."""
    assert barriers(page) == []
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def mails_to(running, address):
    """Return the texts of the mails that somebody got, the oldest first."""
    files = sorted((running.home / "mail").iterdir(), key=lambda each: each.stat().st_mtime)
    mails = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in files]
    return [f"{each['Subject']}\n{each.get_content()}" for each in mails if each["To"] == address]


def get_in(page, running, phase, email, *, way="ideas/new/", scripts=True):
    """Take part with an e-mail address: ask for the link on a page of the phase, open it, confirm."""
    page.goto(f"{phase}{way}")
    page.locator("main a[href*='/take-part/address/']").first.click()
    page.fill("[name=email]", email)
    page.click("main form button.button")
    link = re.search(r"http\S+/take-part/address/\S+", mails_to(running, email)[-1]).group()
    page.goto(link)
    assert not scripts or is_fine(page)  # axe is a script itself
    page.click("main form button.button")


def photo_with_a_place():
    """Return a JPEG whose EXIF data say where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 40.0, 48.0), 3: "E", 4: (7.0, 49.0, 12.0)})
    target = BytesIO()
    Image.new("RGB", (1_200, 900), "green").save(target, "JPEG", exif=exif)
    assert b"Exif" in target.getvalue()
    return target.getvalue()


def write_an_idea(page, phase):
    """Send an idea with a point that was set by the keyboard, and a photograph; return its address."""
    page.goto(f"{phase}ideas/new/")
    assert is_fine(page)
    page.fill("[name=title]", "Bänke am Teich")
    page.fill("[name=text]", "Am Teich fehlen Bänke, auf denen man sich ausruhen kann.")
    page.locator(".draw-bar button:not([aria-pressed])").first.press("Enter")
    assert '"Point"' in page.input_value("[name=geometry]")
    page.set_input_files(
        "[name=photo]", {"name": "teich.jpg", "mimeType": "image/jpeg", "buffer": photo_with_a_place()}
    )
    page.fill("[name=photo_alternative]", "Der Teich ohne Bänke")
    page.locator("#write .buttons button.button").last.click()
    page.wait_for_url(re.compile(r"/ideas/\d+/$"))
    assert is_fine(page)
    return page.url


def talk(page, phase, idea):
    """See that it is similar, support it, and say too much about oneself."""
    page.goto(f"{phase}ideas/new/")
    page.fill("[name=title]", "Bänke am Teich")
    page.fill("[name=text]", "Am Teich fehlen Bänke zum Ausruhen.")
    page.locator("#similar-ideas a", has_text="Bänke am Teich").wait_for()
    page.goto(idea)
    page.click("form[action$='/support/'] button")
    assert "1" in page.inner_text("p.support")
    page.fill("form[action$='/comment/'] textarea", "Rufen Sie mich an: 02381 123456. Das ist Unsinn!")
    page.click("form[action$='/comment/'] button.button")
    assert page.locator("article.comment").count() == 1


def moderate_by_keys(page, running):
    """Decide the comment with the keyboard alone: say why, and press the letter."""
    page.goto(f"{running.url}/de/take-part/moderation/")
    assert is_fine(page)
    page.locator("ul.rows a").first.press("Enter")
    assert "02381" in page.inner_text(".moderated mark")
    assert is_fine(page)
    page.locator("[name=ground]").first.focus()
    page.select_option("select[name=ground]", index=1)
    page.locator("main h1").first.click()
    with page.expect_navigation():
        page.keyboard.press("h")
    page.goto(f"{running.url}/de/take-part/moderation/log/")
    assert is_fine(page)


def test_an_idea_from_the_phone_to_the_citys_answer(city, visitor):
    running, phase = city
    author, other, office = visitor.new_page(width=360), visitor.new_page(), visitor.new_page()
    get_in(author, running, phase, "ada@example.org")
    idea = write_an_idea(author, phase)
    photo = author.request.get(
        author.locator("figure.picture img").get_attribute("src").join([running.url, ""])
    ).body()
    assert (photo[:2], b"Exif" in photo) == (b"\xff\xd8", False)

    get_in(other, running, phase, "ben@example.org")
    talk(other, phase, idea)
    running.sign_in(office, "moderator")
    moderate_by_keys(office, running)

    author.goto(idea)
    assert author.locator("article.comment").count() == 0
    running.tandem("manage", "shell", "-c", SEND)  # what the worker does every minute
    decision = re.search(r"http\S+/decisions/\S+", mails_to(running, "ben@example.org")[-1]).group()
    other.goto(f"{running.url}/de/take-part/mine/")
    assert is_fine(other)
    assert other.locator("main a[href*='/decisions/']").count() == 1
    other.goto(decision)
    assert is_fine(other)
    other.fill("main textarea", "Die Nummer war meine eigene. Bitte sehen Sie noch einmal hin.")
    other.click("main form button.button")

    planner = visitor.new_page()
    running.sign_in(planner, "planner")
    planner.goto(f"{running.url}/de/take-part/answers/")
    assert is_fine(planner)
    planner.goto(idea)
    planner.click("aside a[href*='/answers/']")
    assert is_fine(planner)
    planner.fill("[name=texts_de]", "Wir stellen im Frühjahr vier Bänke auf.")
    planner.check("[name=status][value=taken-up]")
    planner.fill("[name=office]", "Tiefbauamt")
    planner.locator("main form .buttons button.button").first.click()
    author.goto(idea)
    assert "vier Bänke" in author.inner_text("main")
    assert is_fine(author)
