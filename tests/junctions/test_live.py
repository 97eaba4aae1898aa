"""The receiver of an engine's state, and those who watch it."""

import gzip
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tandem.junctions.adapters import latest
from tandem.junctions.domain.live import read_state
from tandem.junctions.models import Count, Junction
from tandem.junctions.services import counts, gates, live, register
from tests.junctions.conftest import NOW
from tests.junctions.messages import message, quarter

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(junction, approve) -> str:
    """Return the token of a junction with an approved file."""
    approve(junction)
    return register.make_token(junction, person=None, now=NOW)


def send(token: str, body: object, *, slug: str = "market-street"):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}"}
    client = Client(enforce_csrf_checks=True)
    return client.post(
        f"/en/junctions/{slug}/state", content, content_type="application/json", headers=headers
    )


def watch(client, last: str = ""):
    headers = {"Last-Event-ID": last} if last else {}
    return client.get(reverse("junctions:events", args=["market-street"]), headers=headers)


def shown(answer) -> str:
    data = [line[6:] for line in answer.content.decode().splitlines() if line.startswith("data: ")]
    return json.loads(data[0]) if data else ""


@pytest.mark.parametrize("wrap", [lambda sent: sent, lambda sent: [{"junction": "other"}, sent]])
def test_what_an_engine_publishes_is_shown(token: str, page_client, wrap):
    why = "changes to stage across: 2 pedestrians and 1 car there, waiting up to 9 s"
    assert send(token, wrap(message(why=why))).status_code == 204
    text = page_client.get(reverse("junctions:live", args=["market-street"])).content.decode()

    wanted = (
        "live now",
        "It changes to stage across, because somebody is there.",
        "The longest wait is 9 s.",
        "Market Street: straight on",
        "for 12 s",
        "red in 0 s at the earliest, likely in 8 s",
        "green in 6 to 40 s, likely in 14 s",
        "green in 6 s at the earliest",
    )
    assert [part for part in wanted if part not in text] == []
    assert '<meta http-equiv="refresh" content="5">' in text


@pytest.mark.parametrize("language", ["de", "it"])
def test_the_decision_is_said_in_the_readers_language(token: str, page_client, language: str):
    send(token, message())
    page = page_client.get(f"/{language}/junctions/market-street/live/").content.decode()

    assert page_client.get(f"/{language}/junctions/market-street/events").status_code == 200
    assert "lamp green" in page


def test_an_engine_that_dies_is_silent_within_five_seconds(token: str, page_client, junction):
    state, now = read_state(message()), timezone.now()
    latest.keep(junction.slug, state, now=now - timedelta(seconds=2))
    assert "live now" in shown(watch(page_client))
    latest.keep(junction.slug, state, now=now - timedelta(seconds=4))
    view = shown(watch(page_client))

    assert ("silent" in view, "Nothing has been heard" in view, "lamp" in view) == (True, True, False)


def test_an_engine_that_stands_still_is_silent_however_often_it_is_asked(token: str, page_client, junction):
    state, then = read_state(message()), timezone.now() - timedelta(seconds=4)
    latest.keep(junction.slug, state, now=then)
    assert send(token, message()).status_code == 204

    assert "silent" in shown(watch(page_client))
    assert send(token, message(at_s=101.0)).status_code == 204
    assert "live now" in shown(watch(page_client))


@pytest.mark.parametrize(("again", "begins_anew"), [(True, True), (False, False)])
def test_a_simulation_is_called_one_with_its_time(token: str, page_client, *, again: bool, begins_anew: bool):
    send(token, message(at_s=725.0, simulation={"lasts_s": 3_600, "again": again}))
    text = page_client.get(reverse("junctions:live", args=["market-street"])).content.decode()

    assert "These signals run in a simulation, not on the street: minute 13 of 60." in text
    assert ("When it is over, it begins anew." in text) is begins_anew
    assert page_client.get(reverse("junctions:state", args=["market-street"])).json()["state"][
        "simulation"
    ] == {"lasts_s": 3_600, "again": again}


def test_a_street_is_not_called_a_simulation(token: str, page_client):
    send(token, message())

    assert "simulation" not in shown(watch(page_client))


def test_without_a_script_the_page_can_be_told_not_to_load_itself_anew(token: str, page_client):
    send(token, message())
    url = reverse("junctions:live", args=["market-street"])
    moving, still = (page_client.get(url, query).content.decode() for query in ({}, {"still": "1"}))

    assert ("refresh" in moving, 'href="?still=1"' in moving) == (True, True)
    assert ("refresh" in still, f'href="{url}"' in still) == (False, True)


def test_events_end_at_once_and_bring_only_what_is_new(token: str, page_client):
    send(token, message())
    first = watch(page_client)
    stamp = next(line[4:] for line in first.content.decode().splitlines() if line.startswith("id: "))

    assert (first["Content-Type"], first.streaming) == ("text/event-stream; charset=utf-8", False)
    assert watch(page_client, stamp).content == b"retry: 1000\n\n"
    send(token, message(at_s=101.0))
    assert shown(watch(page_client, stamp)) != ""


def test_events_are_packed_for_those_who_can_unpack_them(token: str, page_client):
    send(token, message())
    url = reverse("junctions:events", args=["market-street"])
    plain, packed = (
        page_client.get(url, headers={"Accept-Encoding": way}) for way in ("identity", "gzip, br")
    )

    assert (plain.get("Content-Encoding"), packed["Content-Encoding"]) == (None, "gzip")
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2


def test_a_watcher_costs_no_query_and_neither_does_a_message(
    token: str, page_client, django_assert_num_queries
):
    send(token, message())
    watch(page_client)
    with django_assert_num_queries(0):
        for number in range(20):
            send(token, message(at_s=101.0 + number))
            assert watch(page_client).status_code == 200


def test_the_last_state_is_there_for_programs(token: str, page_client):
    send(token, message())
    url = reverse("junctions:state", args=["market-street"])
    first = page_client.get(url)

    assert (first.json()["silent"], first.json()["state"]["junction"]) == (False, "market")
    assert page_client.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert first["Access-Control-Allow-Origin"] == "*"


def test_without_its_token_nothing_is_received(token: str, junction):
    assert [send(wrong, message()).status_code for wrong in ("", "wrong")] == [403, 403]
    register.make_token(junction, person=None, now=NOW)
    assert send(token, message()).status_code == 403
    assert send(token, message(), slug="no-such-junction").status_code == 403
    assert latest.of("market-street") is None


def test_wrong_tokens_cannot_be_tried_for_long(token: str):
    statuses = [send("wrong", message()).status_code for _number in range(live.MOST_WRONG_TOKENS + 1)]

    assert (statuses[-2], statuses[-1]) == (403, 429)
    assert send(token, message()).status_code == 204  # others behind the same address shut nobody out


def test_a_revoked_token_is_void_at_once(token: str, junction, signed_in, engineer):
    client = signed_in(engineer)
    client.post(reverse("junctions:engine", args=[junction.slug]), {"step": "revoke"})

    assert send(token, message()).status_code == 403


def test_a_token_is_told_once(junction, signed_in, engineer):
    client, url = signed_in(engineer), reverse("junctions:engine", args=[junction.slug])
    told = client.post(url, {"step": "make"}).context["token"]
    junction.refresh_from_db()

    assert len(told) > 40
    assert told not in client.get(url).content.decode()
    assert junction.token_digest == register.digest(told)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"no json", 400),
        (b"[" * 50_000, 400),
        ([], 400),
        ({"junction": "market"}, 400),
        (message() | {"camera": "picture"}, 400),
        (message(simulation={"lasts_s": 60}), 400),
        (message(junction="market") | {"junction": "other"}, 409),
        (b"x" * 64_001, 413),
    ],
)
def test_what_is_no_state_is_refused_and_nothing_of_it_kept(token: str, body: object, status: int):
    answer = send(token, body)

    assert (answer.status_code, set(answer.json())) == (status, {"error"})
    assert latest.of("market-street") is None


def test_more_than_three_messages_a_second_are_refused(token: str):
    statuses = [
        send(token, message(at_s=float(number))).status_code for number in range(live.MOST_MESSAGES + 1)
    ]

    assert (set(statuses[:-1]), statuses[-1]) == ({204}, 429)


def test_nothing_is_received_without_an_approved_file(junction):
    token = register.make_token(junction, person=None, now=NOW)

    assert send(token, message()).json()["error"]["code"] == "junctions.live.nothing-approved"


def test_a_revoked_token_is_not_remembered_by_who_asked_just_before(
    token: str, junction, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        before = gates.of(junction.slug)
        register.revoke_token(junction, person=None)
        gates.cache.set(f"junctions.gate:{junction.slug}", before)  # as another process would

    assert gates.of(junction.slug).token_digest == ""


def test_free_text_of_an_engine_is_not_kept(token: str, home):
    send(token, message(why="Mrs Miller, HAM-AB 123, waits"))

    assert "Miller" not in (home / "cache" / "junctions" / "market-street.json").read_text("utf-8")


def test_a_quarter_is_counted_once_and_only_numbers_are_kept(token: str, junction):
    for at_s in (900.0, 901.0, 902.0):
        send(token, message(at_s=at_s, counts=quarter(car=40, bicycle=12)))
    gates.forget(junction.slug)
    counts.cache.clear()
    send(token, message(at_s=903.0, counts=quarter(car=40, bicycle=12)))  # as another process would

    assert dict(Count.objects.values_list("kind", "number")) == {
        "car": 40, "bicycle": 12, "pedestrian": 0, "bus": 0, "tram": 0,
    }  # fmt: skip
    assert {each.name for each in Count._meta.get_fields()} == {
        "id",
        "junction",
        "began_at",
        "kind",
        "number",
    }


def test_hours_are_summed_over_their_quarters(junction: Junction):
    start = NOW.replace(minute=0, second=0)
    for minute, number in ((0, 4), (15, 5), (30, 0), (60, 9)):
        began_at = start + timedelta(minutes=minute)
        Count.objects.create(junction=junction, began_at=began_at, kind="car", number=number)
        Count.objects.create(junction=junction, began_at=began_at, kind="tram", number=0)

    assert [row[1:] for row in counts.hours(junction)] == [("car", 9, 3), ("car", 9, 1)]


def test_a_page_that_never_heard_of_an_engine_says_so(junction, page_client):
    text = page_client.get(reverse("junctions:live", args=[junction.slug])).content.decode()

    assert "No engine has sent anything yet" in text


def test_the_list_says_who_is_live_and_who_is_silent(token: str, page_client, junction):
    url = reverse("junctions:list")
    send(token, message())
    assert "live now" in page_client.get(url).content.decode()
    latest.keep(junction.slug, read_state(message()), now=timezone.now() - timedelta(minutes=1))
    assert "silent" in page_client.get(url).content.decode()


# --- what cannot be read --------------------------------------------------------------------------
@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_message_with_a_number_that_is_none_is_refused(token: str, page_client, number: str):
    body = json.dumps(message(at_s=123.0)).replace("123.0", number).encode()

    assert send(token, body).status_code == 400
    assert latest.of("market-street") is None
    assert page_client.get(reverse("junctions:live", args=["market-street"])).status_code == 200


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"received_at": "then", "state": {}}'])
def test_a_damaged_state_counts_as_none_and_the_next_message_takes_its_place(
    token: str, page_client, kept: str
):
    assert send(token, message()).status_code == 204
    latest._path("market-street").write_text(kept, "utf-8")

    assert latest.of("market-street") is None
    assert page_client.get(reverse("junctions:list")).status_code == 200
    assert send(token, message(at_s=101.0)).status_code == 204
    assert latest.of("market-street").state.at_s == 101.0


def test_what_a_discarded_draft_received_is_not_shown_by_another_of_its_name(
    token: str, junction, django_capture_on_commit_callbacks
):
    send(token, message())
    Junction.objects.filter(pk=junction.pk).update(published_at=None, status="draft")
    junction.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        register.discard(junction, person=None)

    assert latest.of("market-street") is None
