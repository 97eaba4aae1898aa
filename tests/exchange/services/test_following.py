"""Following: what a visit takes over, what it refuses and why, and that nothing is ever half taken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tandem.core.findings import Severity
from tandem.exchange.domain.feeds.event import Action, hash_of
from tandem.exchange.domain.feeds.head import HEAD, SIGNATURE, page_path
from tandem.exchange.domain.feeds.reading import Known, Limits, Status
from tandem.exchange.domain.trust import Standing, TrustList
from tandem.exchange.services.following import Fetch, Visit, compare_notes, follow, stopped
from tests.exchange.federation.keys import Pen, verify
from tests.exchange.federation.publishing import NOW, Gone, Publisher, trusting

DAY = timedelta(days=1)


def grown(events: int, *, pen: Pen | None = None, version: str = "") -> Publisher:
    publisher = Publisher("hamm", pen)
    for number in range(events):
        publisher.say(number, content={"version": version})
    publisher.publish()
    return publisher


def visit(
    publisher: Publisher,
    known: Known | None = None,
    *,
    trust: TrustList | None = None,
    fetch: Fetch | None = None,
    now=NOW,
    limits: Limits | None = None,
) -> Visit:
    return follow(
        known or Known("hamm"),
        fetch=fetch or publisher.fetch,
        trust=trusting(Publisher("hamm")) if trust is None else trust,
        verify=verify,
        now=now,
        limits=limits,
    )


def codes(done: Visit) -> list[str]:
    return [finding.code for finding in done.findings]


def test_a_first_visit_takes_over_everything():
    hamm = grown(230)
    done = visit(hamm)

    assert (list(done.events), done.findings, done.complete) == (hamm.events, (), True)
    assert [line.hash for line in done.lines] == [hamm.hash_at(number) for number in range(1, 231)]
    assert done.known == Known("hamm", 230, hamm.feed.hash, NOW, done.head.tip, Status.FOLLOWED)


def test_the_next_visit_takes_over_what_is_new_and_fetches_no_other_page():
    hamm = grown(230)
    known = visit(hamm).known
    new = [hamm.say(number) for number in range(80)]
    hamm.publish()
    fetched = []
    done = visit(hamm, known, fetch=lambda path, most: fetched.append(path) or hamm.fetch(path, most))

    assert (list(done.events), done.complete) == (new, True)
    assert fetched == [HEAD, SIGNATURE, page_path(3), page_path(4)]


def test_a_visit_without_news_fetches_no_page():
    hamm = grown(230)
    fetched = []
    visit(hamm, visit(hamm).known, fetch=lambda path, most: fetched.append(path) or hamm.fetch(path, most))

    assert fetched == [HEAD, SIGNATURE]


def test_an_empty_feed_can_be_followed():
    done = visit(grown(0))

    assert (done.events, done.findings, done.complete) == ((), (), True)


def test_a_long_feed_is_caught_up_with_over_several_visits():
    hamm, known, events = grown(450), Known("hamm"), []
    sizes = []
    for _ in range(3):
        done = visit(hamm, known, limits=Limits(pages=2))
        known, sizes = done.known, [*sizes, len(done.events)]
        events += done.events

    assert (sizes, events, done.complete) == ([200, 200, 50], hamm.events, True)


def test_an_interrupted_visit_keeps_whole_pages_and_the_next_goes_on_there():
    hamm = grown(230)

    def breaking(path: str, most: int) -> bytes:
        if path == page_path(3):
            raise Gone("The line went dead.")
        return hamm.fetch(path, most)

    first = visit(hamm, fetch=breaking)
    second = visit(hamm, first.known)

    assert (len(first.events), first.complete, codes(first)) == (200, False, ["tests.gone"])
    assert first.findings[0].severity is Severity.WARNING
    assert [*first.events, *second.events] == hamm.events


def test_after_months_offline_only_the_new_head_matters():
    hamm = grown(30)
    known = visit(hamm).known
    later = NOW + 200 * DAY
    hamm.say("new")
    hamm.publish(later)
    done = visit(hamm, known, now=later + DAY)

    assert (len(done.events), done.findings) == (1, ())


@pytest.mark.parametrize(
    ("days", "events", "severity"), [(31, 30, Severity.WARNING), (60, 0, Severity.ERROR)]
)
def test_an_expired_head_is_read_during_grace_only(days: int, events: int, severity: Severity):
    done = visit(grown(30), now=NOW + days * DAY)

    assert (len(done.events), codes(done)) == (events, ["exchange.feed.expired"])
    assert done.findings[0].severity is severity


def serving(publisher: Publisher, **changed: bytes) -> Fetch:
    files = {"head": HEAD, "signature": SIGNATURE, "page": page_path(1)}
    return lambda path, most: {files[name]: data for name, data in changed.items()}.get(
        path, publisher.files.get(path, b"")
    )


HAMM = grown(30)
OLD = grown(20)
MORE = grown(40)


@pytest.mark.parametrize(
    ("fetch", "code"),
    [
        (serving(HAMM, head=HAMM.files[HEAD].replace(b'"sequence":30', b'"sequence":31')), "forged"),
        (serving(HAMM, head=OLD.files[HEAD]), "forged"),
        (serving(HAMM, head=b"[" * 300_000), "too-large"),
        (serving(HAMM, head=b"[" * 200_000), "forged"),
        (serving(HAMM, head=b"[" * 9, signature=HAMM.pen.sign(b"[" * 9).encode()), "malformed"),
        (serving(HAMM, signature=b"\xff\xfe"), "forged"),
        (serving(HAMM, signature=b"a" * 5_000), "too-large"),
        (serving(HAMM, page=b""), "truncated"),
        (serving(HAMM, page=HAMM.files[page_path(1)][:-2]), "truncated"),
        (serving(HAMM, page=b"\n" * 3_276_900), "forged"),
        (serving(HAMM, page=b"\n" * 3_276_901), "too-large"),
        (serving(HAMM, page=HAMM.files[page_path(1)].replace(b"measure", b"receipt", 1)), "forged"),
    ],
)
def test_what_was_changed_on_the_way_is_refused_and_changes_nothing(fetch: Fetch, code: str):
    done = visit(HAMM, fetch=fetch)

    assert (codes(done), done.events, done.known.sequence) == ([f"exchange.feed.{code}"], (), 0)
    assert done.known.status is Status.FOLLOWED
    assert len(visit(HAMM, done.known).events) == 30


def test_an_old_head_is_refused_and_the_feed_goes_on():
    known = visit(HAMM).known
    done = visit(OLD, known)

    assert (codes(done), done.known) == (["exchange.feed.replayed"], known)
    assert len(visit(MORE, done.known).events) == 10


def test_a_head_and_a_signature_that_change_meanwhile_are_fetched_again():
    hamm, answers = grown(30), [OLD.files[HEAD]]
    done = visit(
        hamm, fetch=lambda path, most: answers.pop() if path == HEAD and answers else hamm.fetch(path, most)
    )

    assert (len(done.events), done.findings) == (30, ())


@pytest.mark.parametrize("events", [30, 31, 100, 130])
def test_another_history_stops_the_feed_until_a_person_decides(events: int):
    known = visit(HAMM).known
    other = grown(events, version="other")
    done = visit(other, known)

    assert (codes(done), done.events, done.known.sequence) == (["exchange.feed.rewritten"], (), 30)
    assert (done.known.status, done.quarantined.data) == (Status.STOPPED, other.files[HEAD])
    again = visit(MORE, done.known)
    assert (codes(again), again.known) == (["exchange.feed.stopped"], done.known)


def test_an_unknown_key_goes_to_quarantine_until_it_is_pinned():
    hamm, trust = grown(30, pen=Pen("new")), trusting(Publisher("hamm"))
    done = visit(hamm, trust=trust)

    assert (codes(done), done.events, done.known.status) == (
        ["exchange.feed.unknown-key"],
        (),
        Status.QUARANTINED,
    )
    assert (done.quarantined.signer, done.quarantined.data) == (Pen("new").fingerprint, hamm.files[HEAD])
    assert done.trust.standing(Pen("new").fingerprint) is Standing.SEEN
    pinned = done.trust.pinned("hamm", Pen("new").fingerprint, now=NOW)
    after = visit(hamm, done.known, trust=pinned)
    assert (len(after.events), after.known.status) == (30, Status.FOLLOWED)


def test_a_stranger_cannot_keep_a_feed_in_quarantine():
    known = visit(HAMM).known
    done = visit(grown(9, pen=Pen("stranger")), known)

    assert (done.known.status, done.known.sequence) == (Status.QUARANTINED, 30)
    after = visit(MORE, done.known, trust=done.trust)
    assert (after.known.status, len(after.events)) == (Status.FOLLOWED, 10)


def test_a_revoked_key_is_refused():
    trust = trusting(HAMM).revoked("hamm", HAMM.pen.fingerprint, now=NOW)

    assert codes(visit(HAMM, trust=trust)) == ["exchange.feed.revoked-key"]


def test_another_citys_feed_is_refused():
    arezzo = Publisher("arezzo")
    arezzo.publish()

    assert codes(visit(arezzo, trust=trusting(HAMM, arezzo))) == ["exchange.feed.wrong-city"]


def test_a_head_that_a_city_signs_in_anothers_name_is_refused():
    posing = Publisher("arezzo", HAMM.pen)
    posing.publish()

    assert codes(visit(posing, trust=trusting(HAMM))) == ["exchange.feed.wrong-city"]


def test_another_citys_key_is_refused():
    arezzo, posing = Publisher("arezzo"), grown(3, pen=Pen("arezzo"))

    assert codes(visit(posing, trust=trusting(HAMM, arezzo))) == ["exchange.feed.wrong-city"]


def test_a_key_that_was_handed_over_to_is_trusted_and_the_old_one_no_more():
    hamm = grown(30)
    known, old = visit(hamm).known, dict(hamm.files)
    hamm.change_key(Pen("new"))
    hamm.say("after")
    hamm.publish()
    done = visit(hamm, known)

    assert (len(done.events), done.findings, done.events[0].kind) == (2, (), "key-change")
    back = visit(hamm, done.known, trust=done.trust, fetch=lambda path, most: old[path])
    assert codes(back) == ["exchange.feed.revoked-key"]


def test_a_thief_with_a_revoked_key_cannot_hand_over():
    hamm = grown(30)
    trust = trusting(hamm).revoked("hamm", hamm.pen.fingerprint, now=NOW)
    hamm.change_key(Pen("thief"))
    hamm.publish()
    done = visit(hamm, trust=trust)

    assert (codes(done), done.events, done.trust) == (["exchange.feed.revoked-key"], (), trust)


def test_a_thief_who_comes_second_is_told():
    hamm, thief = grown(30), grown(30)
    hamm.change_key(Pen("new"))
    hamm.publish()
    done = visit(hamm)
    thief.change_key(Pen("thief"))
    thief.publish()

    assert codes(visit(thief, done.known, trust=done.trust)) == ["exchange.feed.disputed-key"]


def test_what_a_city_says_of_others_is_set_aside_and_its_feed_goes_on():
    hamm = grown(2)
    hamm.say("", Action.DELETE, iri="https://arezzo.example/m/1")
    own = hamm.say("own")
    hamm.publish()
    done = visit(hamm)

    assert codes(done) == ["exchange.feed.spoke-for-another"]
    assert done.events == (*hamm.events[:2], own)
    assert (len(done.lines), done.known.sequence) == (4, 4)


def test_a_signed_line_that_is_no_event_is_set_aside():
    hamm = grown(2)
    event = replace(hamm.say("x"), kind="")
    hamm.lines[-1] = event.line
    hamm.feed = replace(hamm.feed, hash=hash_of(event.line))
    own = hamm.say("own")
    hamm.publish()
    done = visit(hamm)

    assert (codes(done), done.events[-1], len(done.events)) == (["exchange.feed.malformed"], own, 3)


def test_personal_data_is_told():
    hamm = grown(0)
    hamm.say("m", content={"contact": "anna@hamm.example"})
    hamm.publish()
    done = visit(hamm)

    assert [(each.code, each.path) for each in done.findings] == [
        ("exchange.feed.personal-data", "hamm#1/content/contact")
    ]
    assert len(done.events) == 1


OWNER, THIEF = Pen("hamm"), Pen("thief")


@pytest.mark.parametrize(
    ("signs_head", "signs_tip", "named"),
    [
        (THIEF, THIEF, OWNER),
        (THIEF, OWNER, OWNER),
        (OWNER, THIEF, OWNER),
        (OWNER, OWNER, THIEF),
        (THIEF, OWNER, THIEF),
    ],
)
def test_head_and_tip_must_both_be_signed_by_the_key_that_is_named(
    signs_head: Pen, signs_tip: Pen, named: Pen
):
    hamm = grown(30)
    head, _ = hamm.feed.head(key=named.fingerprint, sign=signs_tip.sign, published=NOW)
    hamm.files |= {HEAD: head.bytes, SIGNATURE: signs_head.sign(head.bytes).encode()}

    assert codes(visit(hamm)) == ["exchange.feed.forged"]


def test_a_tip_is_signed_for_its_own_event():
    hamm = grown(30)
    head, _ = hamm.feed.head(key=OWNER.fingerprint, sign=OWNER.sign, published=NOW)
    head = replace(
        head, tip=replace(head.tip, signature=OWNER.sign(replace(head.tip, sequence=29).statement))
    )
    hamm.files |= {HEAD: head.bytes, SIGNATURE: OWNER.sign(head.bytes).encode()}

    assert codes(visit(hamm)) == ["exchange.feed.forged"]


def test_comparing_notes_finds_two_faces_which_stops_the_feed():
    here, there = grown(30), grown(30, version="other")
    known = visit(here).known
    arezzo = Publisher("arezzo")
    teller = arezzo.publish(seen=[visit(there).known.tip])
    notes = compare_notes(
        teller,
        hash_at=lambda _city, number: here.hash_at(number),
        trust=trusting(here, arezzo),
        verify=verify,
    )

    assert [(each.city, each.sequence) for each in notes.two_faced] == [("hamm", 30)]
    assert codes(visit(here, stopped(known))) == ["exchange.feed.stopped"]
