"""Harvests from first to last: incremental, idempotent, isolated; nothing vanishes by mistake."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tandem.catalogue.domain.harvest_rules import HarvestRules, Schedule
from tandem.catalogue.models import (
    Dataset,
    Distribution,
    HarvestPage,
    HarvestRecord,
    HarvestRun,
    HarvestSource,
)
from tandem.catalogue.services import harvest, harvest_sources, harvest_writing, imports
from tandem.catalogue.services.harvest_sources import SourceSettings
from tandem.kit import installation, search
from tests.catalogue.harvest_servers import (
    Answer,
    CkanSite,
    DcatSite,
    package,
    record,
    serving,
    with_partner,
)

pytestmark = pytest.mark.django_db(transaction=True)


def source_at(monkeypatch, base, path):
    config = with_partner(installation.config(), base, path)
    monkeypatch.setattr(installation, "config", lambda: config)


@pytest.fixture
def feed(monkeypatch):
    site = DcatSite([record(1) + record(2), record(3) + record(4), record(5)])
    with serving(site) as base:
        source_at(monkeypatch, base, "/catalogue")
        yield site


@pytest.fixture
def portal(monkeypatch):
    site = CkanSite()
    site.put(*(package(number) for number in range(20)))
    with serving(site) as base:
        source_at(monkeypatch, base, "")
        yield site


def run(**named):
    return harvest.run_harvest(harvest.source("partner"), person=None, now=timezone.now(), **named)


def counts(found: HarvestRun) -> tuple[int, int, int, int]:
    return found.created, found.updated, found.unchanged, found.removed


def codes(found: HarvestRun) -> set[str]:
    return {code.removeprefix("catalogue.") for code in found.finding_counts}


def here() -> dict[str, str]:
    """Return the titles of what was taken over, by the last part of the IRI; the search must know the same."""
    rows = Dataset.objects.exclude(source=None)
    known = {hit.uri for hit in search.search("", language="de", kinds=["dataset"], limit=1_000).hits}
    assert known == {row.iri for row in rows}
    assert HarvestRecord.objects.count() == rows.count()
    return {row.iri.rpartition("/")[2]: row.description["titles"]["de"] for row in rows}


# --- paging -------------------------------------------------------------------------------------
@pytest.mark.parametrize("word", ["next", "nextPage"])
@pytest.mark.parametrize("packed", [False, True])
def test_pages_of_both_hydra_forms_are_followed_packed_or_not(feed, word, packed):
    feed.next_word, feed.packed = word, packed

    found = run()

    assert (found.state, found.pages, counts(found)) == ("succeeded", 3, (5, 0, 0, 0))
    assert here() == {str(number): f"Eins {number}" for number in range(1, 6)}


@pytest.mark.parametrize("conditional", [True, False])
def test_a_feed_that_has_not_changed_is_not_read(feed, conditional):
    feed.conditional = conditional
    run()
    asked = len(feed.asked)

    again = run()

    assert (again.pages, again.pages_unchanged, counts(again)) == (3, 3, (0, 0, 5, 0))
    assert len(feed.asked) - asked == (0 if conditional else 3)


def test_only_the_page_that_changed_is_read(feed):
    run()
    feed.pages[1] = record(3, "Drei") + record(6)
    feed.asked.clear()

    found = run()

    assert (feed.asked, counts(found)) == (["2"], (1, 1, 3, 1))
    assert here() == {"1": "Eins 1", "2": "Eins 2", "3": "Drei 3", "5": "Eins 5", "6": "Eins 6"}


def test_a_file_keeps_its_id_when_its_dataset_changes(feed):
    def ids() -> dict[str, UUID]:
        return {
            row.description["access_url"].rpartition("/")[2]: row.pk for row in Distribution.objects.all()
        }

    run()
    before = ids()
    feed.pages[1] = (
        record(3, "Drei").replace("<http://x.example/3/f>", "<http://x.example/3/new>")
        + record(4, "Vier", more="; dcat:distribution <http://x.example/4/g>")
        + "<http://x.example/4/g> a dcat:Distribution ; dcat:accessURL <http://x.example/4.json> .\n"
    )

    assert counts(run()) == (0, 2, 3, 0)
    assert {name: pk for name, pk in ids().items() if name != "4.json"} == before


def test_a_full_reading_reads_what_is_known_to_be_unchanged(feed):
    run()
    feed.asked.clear()

    found = run(everything=True)

    assert (feed.asked, found.pages_unchanged, counts(found)) == (["1", "2", "3"], 0, (0, 0, 5, 0))


def test_a_page_that_fails_takes_nothing_away_and_what_came_before_it_is_taken(feed):
    run()
    feed.pages[0] = record(1, "Neu")
    feed.broken[2] = Answer(b"down", status=500)

    found = run()

    assert (found.state, counts(found)) == ("incomplete", (0, 1, 0, 0))
    assert "500" in found.message
    assert here()["1"] == "Neu 1"
    assert len(here()) == 5


def test_pages_in_a_circle_end(feed):
    feed.pages[2] += "<?page=3> <http://www.w3.org/ns/hydra/core#next> <?page=1> .\n"

    found = run()

    assert (found.state, found.created) == ("incomplete", 5)
    assert "endless-paging" in codes(found)


def test_an_order_that_changes_while_pages_are_read_takes_nothing_away(feed):
    run()
    feed.pages = [record(1) + record(2), record(2) + record(4), record(5)]

    found = run()

    assert (counts(found)[3], "harvest.shifted" in codes(found)) == (0, True)
    assert "3" in here()


def test_a_source_that_says_it_has_more_than_was_found_loses_nothing(feed):
    run()
    feed.pages, feed.total = feed.pages[:2], 5

    found = run()

    assert (found.removed, "harvest.fewer" in codes(found)) == (0, True)


# --- nothing vanishes by mistake ----------------------------------------------------------------
def test_when_much_vanishes_a_person_is_asked_and_may_confirm(feed):
    feed.pages = ["".join(record(number) for number in range(20))]
    run()
    feed.pages = ["".join(record(number) for number in range(9))]

    stopped = run()
    assert (stopped.state, stopped.removed, stopped.withheld) == ("unconfirmed", 0, 11)
    assert stopped.findings.filter(code="catalogue.harvest.would-vanish").count() == 11
    assert len(here()) == 20

    confirmed = run(accept_removals=True)
    assert (confirmed.state, confirmed.removed, len(here())) == ("succeeded", 11, 9)


def test_a_broken_record_on_one_page_is_told_and_nothing_is_removed(feed):
    run()
    feed.pages[1] = record(3) + "<http://x.example/9> a dcat:Dataset ; dct:issued dct .\n"

    found = run()

    assert (found.state, found.removed) == ("succeeded", 0)
    assert "rdf.syntax" in codes(found)


def test_the_rules_of_a_source_choose_and_complete(feed):
    feed.pages = [
        record(1, more='; dcat:keyword "baum"@de ') + record(2, more='; dcat:keyword "auto"@de ') + record(3)
    ]
    run()
    rules = HarvestRules(keywords=("Baum", "auto"), without=("auto",), licence="http://l.example/1")
    source = harvest.source("partner")
    harvest_sources.change(source, SourceSettings("", source.url, rules=rules), person=None)

    found = run()

    assert (counts(found), found.left_out) == ((0, 1, 0, 2), 2)
    part = Dataset.objects.get(source=source).distributions.get()
    assert part.description["licence"] == "http://l.example/1"
    assert "harvest.licence-assumed" in codes(found)


def test_what_another_source_brought_stays_with_it(feed):
    run()
    other = harvest_sources.add(SourceSettings("Anderes", harvest.source("partner").url), person=None)
    assert other.key == "anderes"
    HarvestSource.objects.filter(key="partner").update(url="https://elsewhere.example/")
    allowed = harvest_sources.fetcher()

    found = _run_with(other, allowed)

    assert (found.created, "harvest.elsewhere" in codes(found)) == (0, True)


def _run_with(source, fetcher, **named):
    original = harvest_sources.fetcher
    harvest_sources.fetcher = lambda: fetcher
    try:
        return harvest.run_harvest(source, person=None, now=timezone.now(), **named)
    finally:
        harvest_sources.fetcher = original


# --- provenance ---------------------------------------------------------------------------------
def test_where_a_dataset_came_from_and_when_it_was_seen_is_kept(feed):
    first = run()
    feed.pages[0] = record(1, "Anders") + record(2)
    second = run()

    one = HarvestRecord.objects.get(dataset__iri="http://x.example/1")
    assert (one.first_seen_at, one.last_seen_at) == (first.started_at, second.started_at)
    assert one.original_url == "http://x.example/1"
    assert HarvestRecord.objects.filter(last_seen_at=second.started_at).count() == 5


# --- CKAN ---------------------------------------------------------------------------------------
def test_a_ckan_portal_is_found_out_and_taken_over(portal):
    found = run()

    assert (found.state, found.created, harvest.source("partner").kind) == ("succeeded", 20, "ckan")
    assert Dataset.objects.get(harvest_record__name="paket-3").description["titles"] == {"und": "Paket 3"}


def test_the_second_time_only_what_changed_is_asked_for_and_names_tell_what_is_gone(portal):
    run()
    portal.put(package(3, title="Neu", metadata_modified="2024-02-01T00:00:00.000000"))
    portal.put(package(30, metadata_modified="2024-02-01T00:00:00.000000"))
    del portal.packages["paket-5"]
    portal.calls.clear()

    found = run()

    assert counts(found)[0:2] == (1, 1)
    assert (found.removed, found.state) == (1, "succeeded")
    asked = [values.get("fq", "") for action, values in portal.calls if action == "package_search"]
    assert asked == ["metadata_modified:[2023-12-31T23:00:19Z TO *]"]
    names = set(HarvestRecord.objects.values_list("name", flat=True))
    assert names == {f"paket-{number}" for number in (*range(20), 30) if number != 5}


def test_a_list_of_names_that_fails_takes_nothing_away(portal):
    run()
    portal.instead["package_list"] = lambda _query: Answer(b"down", status=404)

    found = run()

    assert (found.state, found.removed) == ("failed", 0)
    assert Dataset.objects.exclude(source=None).count() == 20


def test_a_package_without_a_title_or_an_id_does_not_take_the_others_along(portal):
    portal.put(package(2, title=""), package(3, id=None), package(4, resources=7))

    found = run()

    assert (found.state, found.created) == ("succeeded", 17)
    assert {"harvest.no-title", "ckan.no-id", "ckan.bad-package"} <= codes(found)


# --- again and again ----------------------------------------------------------------------------
class Killed(Exception):
    """Somebody pulled the plug."""


@pytest.mark.parametrize(
    "where", ["_create", "_update", "_see", "_index", "remove", "begin_page", "end_page"]
)
def test_a_harvest_that_is_killed_anywhere_and_run_again_ends_the_same(feed, monkeypatch, where):
    run()
    feed.pages = [record(1, "Neu") + record(7), record(3) + record(4, "Anders"), record(8)]
    real = getattr(harvest_writing.Writer, where)
    times = iter([True, False])

    def dies(*arguments, **named):
        result = real(*arguments, **named)
        if not next(times, True):
            raise Killed
        return result

    with monkeypatch.context() as patched:
        patched.setattr(harvest_writing.Writer, where, dies)
        try:
            run()
        except Killed:
            assert HarvestRun.objects.first().state == "failed"
    run()

    assert here() == {"1": "Neu 1", "7": "Eins 7", "3": "Eins 3", "4": "Anders 4", "8": "Eins 8"}


def test_two_at_once_are_refused_and_one_that_died_silently_is_taken_over(feed):
    source = harvest.source("partner")
    other = HarvestRun.objects.create(
        source=source, started_at=timezone.now(), heartbeat_at=timezone.now(), state="running"
    )
    with pytest.raises(harvest.AlreadyRunning):
        run()

    HarvestRun.objects.filter(pk=other.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    assert run().state == "succeeded"
    other.refresh_from_db()
    assert (other.state, bool(other.message)) == ("failed", True)


def test_one_that_is_stopped_keeps_what_it_has_and_the_next_goes_on(feed):
    asked = iter([False, False, True])

    stopped = run(cancelled=lambda: next(asked, True))

    assert (stopped.state, 0 < stopped.created < 5) == ("cancelled", True)
    assert run().state == "succeeded"
    assert len(here()) == 5


# what a record may be at the source: absent, there with a text, or broken so that its old state counts
STATES = st.dictionaries(st.integers(1, 6), st.sampled_from(["a", "b", "broken"]), max_size=6)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(STATES, st.integers(1, 3), st.booleans()), min_size=1, max_size=5))
def test_whatever_a_source_goes_through_we_hold_its_last_good_state(feed, states):
    Dataset.objects.exclude(source=None).delete()
    HarvestPage.objects.all().delete()
    model: dict[str, str] = {}
    for state, size, fails in states:
        texts = [
            record(number, text) if text != "broken" else f"<http://x.example/{number}> a dcat:Dataset .\n"
            for number, text in sorted(state.items())
        ]
        feed.pages = ["".join(texts[at : at + size]) for at in range(0, len(texts), size)] or [
            "<http://x.example/c> a dcat:Catalog .\n"
        ]
        last = len(feed.pages)
        feed.broken = {last: Answer(b"down", status=503)} if fails and last > 1 else {}
        read = dict(sorted(state.items())[: size * (last - 1)]) if feed.broken else state

        run()
        again = run()

        for number, text in read.items():
            if text != "broken":
                model[str(number)] = f"{text} {number}"
        if not feed.broken and state:
            model = {key: value for key, value in model.items() if int(key) in state}
        rows = Dataset.objects.exclude(source=None)
        assert {row.iri.rpartition("/")[2]: row.description["titles"]["de"] for row in rows} == model
        assert (again.created, again.updated, again.removed) == (0, 0, 0)


# --- schedules ----------------------------------------------------------------------------------
def test_what_is_due_is_begun_once(feed):
    now = timezone.now()
    assert imports.start_due_harvests(now) == 1
    assert imports.start_due_harvests(now) == 0  # it waits already

    imports.Job.objects.all().delete()
    run()
    assert imports.start_due_harvests(now) == 0
    assert imports.start_due_harvests(now + timedelta(hours=25)) == 1


@pytest.mark.parametrize(
    ("schedule", "hours"), [(Schedule.HOURLY, 1), (Schedule.DAILY, 24), (Schedule.WEEKLY, 168)]
)
def test_each_source_has_its_own_schedule(feed, schedule, hours):
    run()
    HarvestSource.objects.update(schedule=schedule)
    begun = HarvestRun.objects.get().started_at

    assert harvest_sources.due(begun + timedelta(hours=hours, minutes=-1)) == []
    assert len(harvest_sources.due(begun + timedelta(hours=hours))) == 1


def test_by_hand_and_inactive_sources_are_never_due(feed):
    run()
    far = timezone.now() + timedelta(days=400)
    HarvestSource.objects.update(schedule=Schedule.BY_HAND)
    assert harvest_sources.due(far) == []
    HarvestSource.objects.update(schedule="", active=False)
    assert harvest_sources.due(far) == []
