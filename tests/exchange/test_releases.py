"""Versions: numbered by what changed, signed, the same for ever, and all or nothing."""

import hashlib
import io
import zipfile
from dataclasses import replace

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from tandem.accounts.models import AuditEntry
from tandem.core.parts import Input
from tandem.exchange.adapters import signing
from tandem.exchange.domain.card import Indicator
from tandem.exchange.domain.lifecycle import WrongStatus
from tandem.exchange.domain.release import NotNewer
from tandem.exchange.domain.semver import BadVersion
from tandem.exchange.models import Measure, MeasureVersion
from tandem.exchange.services import bundles, keys, measure_parts, measures, part_outlines, releasing
from tandem.kit import installation, parts
from tests.exchange.measures import BENCHES, NOW, TREES, Room, draft_measure, texts

pytestmark = pytest.mark.django_db


def give_out(measure, number="1.0.0", changes=None):
    return releasing.release(measure, number=number, changes=changes or texts("First"), person=None, now=NOW)


def kept_files(measure) -> list[str]:
    try:
        return sorted(default_storage.listdir(f"{releasing.FOLDER}/{measure.pk}")[1])
    except FileNotFoundError:
        return []


def add(measure, reference):
    return measure_parts.add_part(measure, "catalogue", reference, person=None, now=NOW)


def test_a_version_is_a_signed_bundle_of_card_parts_and_evidence(measure, room):
    add(measure, TREES)
    version = give_out(measure)
    with default_storage.open(version.stored) as file:
        content = file.read()
    opened = bundles.open_bundle(content)

    assert hashlib.sha256(content).hexdigest() == version.sha256
    assert len(content) == version.byte_size
    assert (opened.card.version, opened.card.city, opened.card.id) == ("1.0.0", "hamm", measure.iri)
    assert [(each.value, each.city) for each in opened.card.evidence] == [(41.5, "hamm"), (22.0, "hamm")]
    assert [part.key for part in opened.parts] == ["catalogue/trees"]
    assert opened.parts[0].files == {"data.csv": b"a\n1\n"}
    assert list(opened.content.evidence) == ["values.json"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert [name for name in archive.namelist() if name.startswith("signatures/")] == [
            f"signatures/{keys.fingerprint()}.jws"
        ]


def test_the_page_knows_what_the_parts_would_make_and_ask_for(measure, room):
    add(measure, TREES)
    [part] = part_outlines.shown(give_out(measure).parts)

    assert (part.key, part.kind, part.titles) == ("catalogue/trees", "catalogue", TREES.titles)
    assert [str(each) for each in part.makes] == ["A dataset Trees is made."]
    assert part.asks == [{"en": "Publisher"}]


def test_the_key_is_made_once_and_only_its_owner_may_read_it():
    first, path = keys.fingerprint(), installation.folder("keys") / keys.FILE

    assert keys.fingerprint() == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert signing.read_signature(b"x", keys.sign(b"x")) == signing.Signer("hamm", first)
    assert keys.public_pem().startswith("-----BEGIN PUBLIC KEY-----")


@pytest.mark.parametrize(
    ("change", "number"),
    [
        (lambda measure, room: None, "1.0.1"),
        (lambda measure, room: add(measure, BENCHES), "1.1.0"),
        (lambda measure, room: room.change(TREES.uri, fields={"columns": [], "rows": 1}), "1.1.0"),
        (lambda measure, room: room.change(TREES.uri, files={"data.csv": b"", "more.csv": b""}), "1.1.0"),
        (lambda measure, room: room.change(TREES.uri, fields={"columns": ["other"]}), "1.0.1"),
        (lambda measure, room: room.change(TREES.uri, inputs=[Input("publisher"), Input("x")]), "2.0.0"),
        (
            lambda measure, room: measure_parts.remove_part(
                measure, measure.parts.get(), person=None, now=NOW
            ),
            "2.0.0",
        ),
    ],
)
def test_the_number_is_proposed_by_what_changed(measure, room, change, number):
    add(measure, TREES)
    assert str(releasing.next_number(measure, releasing.packed_parts(measure))) == "1.0.0"
    give_out(measure)
    change(measure, room)

    assert str(releasing.next_number(measure, releasing.packed_parts(measure))) == number


def test_a_new_indicator_is_something_new(measure):
    give_out(measure)
    card = measures.card_of(measure)
    more = (*card.indicators, Indicator("noise", texts("Noise")))
    measures.describe(measure, replace(card, indicators=more), person=None, now=NOW)

    assert str(releasing.next_number(measure, [])) == "1.1.0"


def test_versions_only_rise_and_never_change(measure):
    give_out(measure, "1.1.0")
    before = list(MeasureVersion.objects.values())

    for number, refusal in (
        ("1.1.0", NotNewer),
        ("1.0.9", NotNewer),
        ("1.1.0+build", NotNewer),
        ("one", BadVersion),
    ):
        with pytest.raises(refusal):
            give_out(measure, number)
    assert list(MeasureVersion.objects.values()) == before
    assert kept_files(measure) == ["1.1.0.zip"]


def test_gaps_stop_a_version_and_say_where(measure):
    card = measures.card_of(measure)
    measures.describe(measure, replace(card, legal_basis={}, staff=()), person=None, now=NOW)
    with pytest.raises(releasing.HasGaps) as caught:
        give_out(measure)

    assert [each.path for each in caught.value.gaps] == ["measure.json#/staff", "measure.json#/legal_basis"]
    assert MeasureVersion.objects.count() == 0
    assert kept_files(measure) == []


def test_only_what_is_public_is_given_out():
    with pytest.raises(WrongStatus):
        give_out(draft_measure())


def test_a_part_that_is_gone_stops_a_version_by_its_name(measure, room):
    add(measure, TREES)
    room.things.clear()
    with pytest.raises(releasing.PartCannotBePacked, match="“Bäume” cannot go along: It is gone"):
        give_out(measure)


@pytest.mark.parametrize("where", ["indexing", "audit", "part_outlines"])
def test_a_version_that_fails_leaves_nothing(measure, room, monkeypatch, where):
    add(measure, TREES)
    names = {"indexing": "index_measure", "audit": "record", "part_outlines": "written"}

    def fail(*_arguments, **_named):
        raise OSError("the disk is full")

    monkeypatch.setattr(getattr(releasing, where), names[where], fail)
    with pytest.raises(OSError, match="full"):
        give_out(measure)
    measure.refresh_from_db()

    assert measure.card["version"] == "0.0.0"
    assert (MeasureVersion.objects.count(), kept_files(measure)) == (0, [])
    assert not AuditEntry.objects.filter(action="exchange.measure.release").exists()


def test_an_officer_gives_out_a_version_that_everybody_fetches(measure, room, client_as, page_client):
    add(measure, TREES)
    officer, url = (
        client_as("exchange:exchange-officer"),
        reverse("exchange:measure_release", args=[measure.slug]),
    )
    assert 'value="1.0.0"' in officer.get(url).content.decode()

    wrong = officer.post(url, {"number": "first", "changes_de": ""})
    assert wrong.status_code == 400
    assert "“first” is no version" in wrong.content.decode()
    assert officer.post(url, {"number": "1.0.0", "changes_de": "Erste Fassung"}).status_code == 302

    version = MeasureVersion.objects.get()
    page = page_client.get(reverse("exchange:measure", args=[measure.slug])).content.decode()
    address = reverse("exchange:measure_bundle", args=[measure.slug, "1.0.0"])
    assert address in page
    assert f"{version.sha256}  {measure.slug}-1.0.0.zip" in page
    assert keys.fingerprint() in page
    answer = page_client.get(address)
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == version.sha256
    assert answer["Content-Type"] == "application/zip"
    assert answer["ETag"] == f'"{version.sha256}"'
    assert (
        page_client.get(reverse("exchange:measure_bundle", args=[measure.slug, "9.9.9"])).status_code == 404
    )


def test_the_same_number_twice_is_told_at_the_form(measure, client_as):
    give_out(measure)
    officer, url = (
        client_as("exchange:exchange-officer"),
        reverse("exchange:measure_release", args=[measure.slug]),
    )
    answer = officer.post(url, {"number": "1.0.0", "changes_de": "Noch einmal"})

    assert answer.status_code == 400
    assert "1.0.0 does not come after 1.0.0" in answer.content.decode()
    assert "Noch einmal" in answer.content.decode()


# --- while it is packed ---------------------------------------------------------------------------
class Meanwhile(Room):
    """A room whose things take time to pack: meanwhile somebody does something."""

    def __init__(self, act):
        super().__init__()
        self.act = act

    def pack(self, uri):
        if self.act:
            act, self.act = self.act, None
            act()
        return super().pack(uri)


@pytest.fixture
def meanwhile(room):
    """Return a function that lets something happen while the next version is packed."""

    def let(act):
        parts.register_handler(Meanwhile(act))

    return let


def test_what_is_described_while_a_version_is_packed_stays(measure, meanwhile):
    add(measure, TREES)

    def describe():
        row = Measure.objects.get(pk=measure.pk)
        card = replace(measures.card_of(row), summary=texts("Newer"))
        measures.describe(row, card, person=None, now=NOW)

    meanwhile(describe)
    version = give_out(measure)
    measure.refresh_from_db()

    assert (measure.card["summary"]["en"], measure.card["version"]) == ("Newer", "1.0.0")
    assert version.card["summary"]["en"] == "A light that sees cyclists"


def test_of_two_that_give_the_same_version_out_at_once_one_does(measure, meanwhile):
    add(measure, TREES)
    meanwhile(lambda: give_out(Measure.objects.get(pk=measure.pk)))

    with pytest.raises(NotNewer):
        give_out(measure)
    assert [each.number for each in measure.versions.all()] == ["1.0.0"]
    assert len(kept_files(measure)) == 1


def test_a_measure_that_is_withdrawn_while_it_is_packed_gets_no_version(measure, meanwhile):
    add(measure, TREES)
    meanwhile(
        lambda: measures.withdraw(
            Measure.objects.get(pk=measure.pk), reason=texts("Wrong"), person=None, now=NOW
        )
    )

    with pytest.raises(WrongStatus):
        give_out(measure)
    assert (measure.versions.count(), kept_files(measure)) == (0, [])
