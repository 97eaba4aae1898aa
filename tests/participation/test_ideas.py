"""Ideas: read, write, support, comment, change, withdraw; on paper; few queries; counted once."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.urls import reverse
from PIL import Image

from tandem.participation.domain.phase import PhaseKind
from tandem.participation.models import Comment, Contribution, Participant, QueueItem, Support
from tandem.participation.services import ideas
from tandem.participation.services.ideas import Written
from tandem.participation.views.ideas import COMMENTS_PER_PAGE
from tests.participation.conftest import NOW, move

pytestmark = pytest.mark.django_db
POINT = {"type": "Point", "coordinates": [7.82, 51.68]}


def url(phase, name, *more):
    return reverse(f"participation:{name}", args=[phase.process.slug, phase.number, *more])


def written(number: int = 1, **values) -> Written:
    return Written(**{"title": f"Bank {number}", "text": f"Eine Bank an der Ecke {number}", **values})


@pytest.fixture
def phase(a_phase):
    return a_phase(PhaseKind.IDEAS)


@pytest.fixture
def author(by_email):
    return by_email("author@example.org")


@pytest.fixture
def idea(phase, author):
    return ideas.submit(phase, written(), participant=author, language="de", now=NOW)


def post(client, phase, **values):
    given = {"title": "Mehr Bäume", "text": "Am Platz fehlt Schatten.", "token": "abc", **values}
    return client.post(url(phase, "idea_new"), given)


# --- writing ------------------------------------------------------------------------------------
def test_somebody_with_an_address_writes_an_idea_with_a_place(page_client, phase, author, as_participant):
    as_participant(page_client, author)
    answer = post(page_client, phase, geometry=json.dumps(POINT), place="Marktplatz")
    row = Contribution.objects.get()

    assert answer.url == url(phase, "idea", 1)
    assert (row.number, row.kind, row.latitude, row.longitude) == (1, "idea", 51.68, 7.82)
    assert row.author_label == author.pseudonym
    shown = page_client.get(answer.url).content.decode()
    assert "Am Platz fehlt Schatten." in shown
    assert author.email not in shown


def test_the_same_form_sent_twice_is_one_idea(page_client, phase, author, as_participant):
    as_participant(page_client, author)
    assert post(page_client, phase).url == post(page_client, phase).url
    assert Contribution.objects.count() == 1


def test_similar_ideas_are_shown_once_before_it_is_taken(page_client, phase, idea, by_email, as_participant):
    as_participant(page_client, by_email("other@example.org"))
    same = {"title": "Bank 1", "text": "Eine Bank an der Ecke"}

    first = post(page_client, phase, **same)
    assert first.status_code == 200
    assert url(phase, "idea", 1) in first.content.decode()
    assert Contribution.objects.count() == 1
    assert post(page_client, phase, **same, anyway="yes").status_code == 302
    assert Contribution.objects.count() == 2
    piece = page_client.get(url(phase, "idea_similar"), same, headers={"HX-Request": "true"}).content.decode()
    assert "Bank 1" in piece


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"text": "x" * 4_001}, "4001 characters"),
        ({"geometry": "{"}, "has been lost"),
        ({"geometry": json.dumps({"type": "MultiPoint", "coordinates": [[7, 51]]})}, "cannot be used here"),
        ({"latitude": "51.6"}, "Enter both coordinates"),
        ({"latitude": "151", "longitude": "7"}, "not degrees"),
    ],
)
def test_wrong_input_is_told_and_nothing_typed_is_lost(
    page_client, phase, author, as_participant, values, said
):
    as_participant(page_client, author)
    answer = post(page_client, phase, **values)

    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert Contribution.objects.count() == 0
    if "text" not in values:
        assert "Am Platz fehlt Schatten." in answer.content.decode()


def test_a_photo_loses_where_it_was_taken(page_client, phase, author, as_participant):
    as_participant(page_client, author)
    taken, image = io.BytesIO(), Image.new("RGB", (600, 400), "red")
    exif = image.getexif()
    exif[271] = "SpyCam"
    image.save(taken, "JPEG", exif=exif)
    photo = SimpleUploadedFile("x.jpg", taken.getvalue(), "image/jpeg")
    post(page_client, phase, photo=photo, photo_alternative="Ein Platz")
    answer = page_client.get(url(phase, "idea_photo", 1, "480"))
    served = b"".join(answer.streaming_content)

    assert b"SpyCam" in taken.getvalue()
    assert b"SpyCam" not in served
    assert Image.open(io.BytesIO(served)).width == 480


def test_what_is_no_photo_is_refused(page_client, phase, author, as_participant):
    as_participant(page_client, author)
    file = SimpleUploadedFile("x.jpg", b"GIF89a no", "image/jpeg")
    answer = post(page_client, phase, photo=file, photo_alternative="x")

    assert answer.status_code == 400
    assert Contribution.objects.count() == 0


def test_a_telephone_number_in_a_text_brings_it_before_moderation(page_client, phase, author, as_participant):
    as_participant(page_client, author)
    post(page_client, phase, text="Rufen Sie mich an: 02381 123456")
    assert [each.cause for each in QueueItem.objects.all()] == ["triage"]
    assert Contribution.objects.get().is_public


# --- who may, and when --------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["guest", "email", "account", "moderator"])
@pytest.mark.parametrize("state", ["planned", "open", "closed"])
def test_who_may_write_when(page_client, phase, author, as_participant, person, who, state):
    move(phase, state)
    if who == "email":
        as_participant(page_client, author)
    elif who != "guest":
        page_client.force_login(person(*(["participation:moderator"] if who == "moderator" else [])))
    expected = {"guest": 403}.get(who, 302 if state == "open" else 409)

    assert post(page_client, phase).status_code == expected
    assert Contribution.objects.count() == (1 if expected == 302 else 0)


def test_a_guest_is_told_how_to_get_in(page_client, phase):
    answer = page_client.get(url(phase, "idea_new"))
    assert answer.status_code == 200
    assert reverse("participation:address") in answer.content.decode()


def test_a_phase_can_admit_guests(page_client, phase):
    phase.admitted = ["guest"]
    phase.save()
    assert post(page_client, phase).status_code == 302
    assert Participant.objects.get().kind == "guest"


def test_somebody_who_was_blocked_cannot_write(page_client, phase, author, as_participant):
    author.blocked_at = NOW
    author.save()
    as_participant(page_client, author)
    assert post(page_client, phase).status_code == 403
    assert Contribution.objects.count() == 0


def test_only_the_author_changes_and_withdraws(page_client, phase, idea, author, by_email, as_participant):
    change, withdraw = url(phase, "idea_change", 1), url(phase, "idea_withdraw", 1)
    as_participant(page_client, by_email("other@example.org"))
    assert page_client.get(change).status_code == 403
    assert page_client.post(withdraw).status_code == 403

    as_participant(page_client, author)
    assert page_client.post(change, {"title": "Zwei Bänke", "text": "Neu"}).status_code == 302
    assert Contribution.objects.get().title == "Zwei Bänke"
    page_client.post(withdraw)
    page_client.post(withdraw)
    assert page_client.get(url(phase, "idea", 1)).status_code == 200
    as_participant(page_client, by_email("third@example.org"))
    assert page_client.get(url(phase, "idea", 1)).status_code == 410


# --- support and comments -----------------------------------------------------------------------
def test_support_counts_once_and_can_be_taken_back(page_client, phase, idea, by_email, as_participant):
    as_participant(page_client, by_email("other@example.org"))
    support = url(phase, "idea_support", 1)
    page_client.post(support)
    page_client.post(support)
    assert Contribution.objects.get().support_count == 1
    page_client.post(support, {"wanted": "no"})
    page_client.post(support, {"wanted": "no"})
    assert Contribution.objects.get().support_count == 0


def test_comments_are_counted_and_the_same_one_is_one(page_client, phase, idea, author, as_participant):
    as_participant(page_client, author)
    comment = url(phase, "idea_comment", 1)
    for text in ("Gut.", "Gut.", "Und noch etwas."):
        page_client.post(comment, {"text": text})
    assert Contribution.objects.get().comment_count == 2
    first = Comment.objects.first()
    page_client.post(url(phase, "comment_withdraw", 1, first.pk))
    page_client.post(url(phase, "comment_withdraw", 1, first.pk))
    assert Contribution.objects.get().comment_count == 1
    assert page_client.post(comment, {"text": ""}).status_code == 400


def test_many_comments_have_pages_and_a_new_one_is_shown(page_client, phase, idea, author, as_participant):
    Comment.objects.bulk_create(
        Comment(contribution=idea, text=f"{each}.", at=NOW - timedelta(seconds=99 - each))
        for each in range(65)
    )
    as_participant(page_client, author)
    first = page_client.get(url(phase, "idea", 1)).content.decode()
    assert first.count('class="comment"') == COMMENTS_PER_PAGE
    assert "?comments=3" in first
    answer = page_client.post(url(phase, "idea_comment", 1), {"text": "The last one."})
    address, _, anchor = answer.headers["Location"].partition("#")
    assert address.endswith("?comments=3")
    page = page_client.get(address).content.decode()
    assert f'id="{anchor}"' in page
    assert "The last one." in page


def test_comments_can_be_switched_off(page_client, phase, idea, author, as_participant):
    phase.settings = {"comments": False, "supports": False}
    phase.save()
    as_participant(page_client, author)
    assert page_client.post(url(phase, "idea_comment", 1), {"text": "x"}).status_code == 404
    assert page_client.post(url(phase, "idea_support", 1)).status_code == 404


# --- lists --------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 60])
def test_pages_take_few_queries(
    page_client, phase, author, as_participant, django_assert_max_num_queries, count
):
    for number in range(count):
        row = ideas.submit(phase, written(number), participant=author, language="de", now=NOW)
        Comment.objects.create(contribution=row, text="x", author_label="P")
    as_participant(page_client, author)
    for address in (url(phase, "phase"), url(phase, "idea", 1)):
        with django_assert_max_num_queries(8):
            assert page_client.get(address).status_code == 200
    with django_assert_max_num_queries(4):
        page_client.get(url(phase, "idea_points"))


def test_two_thousand_points_fit_into_sixty_kilobytes(page_client, phase):
    Contribution.objects.bulk_create(
        Contribution(
            process=phase.process, phase=phase, kind="idea", number=number, title=f"Idee {number}", text="x",
            language="de", latitude=51.6 + number / 20_000, longitude=7.7 + number / 10_000,
        )
        for number in range(1, 2_001)
    )  # fmt: skip
    answer = page_client.get(url(phase, "idea_points"))
    feature = answer.json()["features"][0]

    assert len(answer.content) <= 60_000
    assert len(feature["geometry"]["coordinates"]) == len(feature["properties"]["keys"]) == 2_000
    assert page_client.get(feature["properties"]["card"].replace("{}", "7")).json()["title"] == "Idee 7"


def test_a_list_is_searched_narrowed_and_sorted(page_client, phase, author):
    for number, title in enumerate(["Bank", "Baum", "Bus"], start=1):
        ideas.submit(
            phase,
            written(number, title=title, category=title.lower()),
            participant=author,
            language="de",
            now=NOW,
        )
    Contribution.objects.filter(title="Baum").update(support_count=5)

    def titles(**asked):
        page = page_client.get(url(phase, "phase"), asked)
        return [each["row"].title for each in page.context["rows"]]

    assert titles() == ["Bus", "Baum", "Bank"]
    assert titles(sort="supported")[0] == "Baum"
    assert titles(q="bUs") == ["Bus"]
    assert titles(category="bus") == ["Bus"]
    assert titles(q="nichts") == []


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_the_pages_are_there_in_each_language(page_client, phase, idea, author, as_participant, language):
    as_participant(page_client, author)
    base = f"/{language}/take-part/{phase.process.slug}/1/"
    pages = [base, f"{base}ideas/1/", f"{base}ideas/new/", f"{base}ideas/1/change/"]
    assert {page: page_client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


# --- paper --------------------------------------------------------------------------------------
def test_what_came_on_paper_counts_like_the_rest(signed_in, person, phase):
    client = signed_in(person("participation:moderator"))
    table = b"Titel;Text;Datum\nBank;Eine Bank;2026-01-02\nOhne;;2026-01-02\n"

    def send(**more):
        return client.post(
            url(phase, "idea_paper"), {"what": "table", "file": SimpleUploadedFile("p.csv", table), **more}
        )

    assert "The text is missing." in send().content.decode()
    assert Contribution.objects.count() == 0
    assert send(despite="yes").status_code == 302
    row = Contribution.objects.get()
    assert (row.title, row.channel, row.author_label, row.received_at.date().isoformat()) == (
        "Bank", "paper", "", "2026-01-02",
    )  # fmt: skip
    one = {
        "channel": "counter", "title": "Baum", "text": "Ein Baum",
        "received_on_day": 3, "received_on_month": 1, "received_on_year": 2026,
    }  # fmt: skip
    assert client.post(url(phase, "idea_paper"), one).status_code == 302
    assert Contribution.objects.filter(channel="counter").count() == 1


def test_citizens_do_not_enter_paper(signed_in, person, phase):
    assert signed_in(person()).get(url(phase, "idea_paper")).status_code == 403


# --- many at once -------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_each_counted_once(phase, idea, by_email):
    people = [by_email(f"p{number}@example.org") for number in range(12)]

    def act(someone):
        try:
            ideas.support(idea, participant=someone, now=NOW, wanted=True)
            ideas.support(idea, participant=someone, now=NOW, wanted=True)
            return ideas.submit(phase, written(), participant=someone, language="de", now=NOW).number
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as pool:
        numbers = sorted(pool.map(act, people))
    assert connection.vendor in {"sqlite", "postgresql"}
    assert numbers == list(range(2, 14))
    assert Contribution.objects.get(number=1).support_count == Support.objects.count() == 12


@pytest.mark.parametrize("asked", ["q=%00", "q=a%00b", "category=%00", "status=%00&sort=%00&page=%00"])
def test_whatever_is_asked_of_the_list_has_an_answer(page_client, a_phase, asked):
    phase = a_phase(PhaseKind.IDEAS)

    assert page_client.get(f"{url(phase, 'phase')}?{asked}").status_code == 200
