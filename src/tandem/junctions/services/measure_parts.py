"""Junctions as parts of measures: the approved file goes to another city, and becomes a draft there, for simulation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from tandem.accounts.models import Person
from tandem.core.errors import Conflict, NotFound
from tandem.core.findings import Finding, Severity
from tandem.core.part_values import MARK, errors, filled, is_unusable, name_of
from tandem.core.parts import Input, InputKind, Part, PartPlan, Step
from tandem.core.publication import Publication
from tandem.core.references import Reference
from tandem.core.text import pick, say
from tandem.junctions.domain import measure_part
from tandem.junctions.domain.approval import FileState
from tandem.junctions.domain.measure_part import FILE, HASHES, POLICY, BadPart
from tandem.junctions.domain.permissions import ROOM
from tandem.junctions.models import Evaluation, FileVersion, Junction
from tandem.junctions.services import files, register
from tandem.kit import installation, search
from tandem.kit.spoken import spoken

MOST_OFFERED = 20
_TITLE = {"en": "Name of the junction here", "de": "Name der Kreuzung hier", "it": "Nome dell'incrocio qui"}
_TITLE_HINT = {
    "en": "The streets that meet: Market Street / Mill Lane",
    "de": "Die Straßen, die sich treffen: Marktstraße / Mühlweg",
    "it": "Le strade che si incontrano: Via del Mercato / Via del Mulino",
}
_PLACE_HINT = {
    "en": "In degrees with decimals, as maps show them.",
    "de": "In Grad mit Nachkommastellen, wie Karten sie anzeigen.",
    "it": "In gradi con decimali, come li mostrano le mappe.",
}
_LATITUDE = {
    "en": "Latitude of the junction",
    "de": "Breitengrad der Kreuzung",
    "it": "Latitudine dell'incrocio",
}
_LONGITUDE = {
    "en": "Longitude of the junction",
    "de": "Längengrad der Kreuzung",
    "it": "Longitudine dell'incrocio",
}


class NotOffered(NotFound):
    """There is no such junction of ours, it is not public, or no file of it is approved."""

    code = "junctions.part.not-offered"

    def __init__(self, uri: str) -> None:
        super().__init__(
            say("There is no published junction {uri} with an approved file to take along.", uri=uri)
        )


class JunctionGone(NotFound):
    """What was made of a part is no longer there."""

    code = "junctions.part.gone"

    def __init__(self, uri: str) -> None:
        super().__init__(say("The junction {uri} is gone; somebody deleted it.", uri=uri))


class NotApproved(Conflict):
    """The newest version of the file is not approved."""

    code = "junctions.part.not-approved"

    def __init__(self, number: int) -> None:
        message = say(
            "Version {number} of the junction file is not approved. One engineer proposes it, another one approves it.",
            number=number,
        )
        super().__init__(message)


class SignalParts:
    """Handles parts of the kind ``signal``. What is made of one never reaches a signal: it is for simulation."""

    kind = "signal"
    signs = f"{ROOM}:traffic-engineer"

    def offered(self, query: str, language: str) -> Sequence[Reference]:
        """Return published junctions with an approved file that fit a search."""
        found = search.search(query, language=language, rooms=[ROOM], kinds=["junction"], limit=MOST_OFFERED)
        ours = set(_offered().filter(iri__in=[hit.uri for hit in found.hits]).values_list("iri", flat=True))
        return [Reference(hit.uri, "junction", hit.titles, hit.path) for hit in found.hits if hit.uri in ours]

    def pack(self, uri: str) -> Part:
        """Return a published junction of ours as a part, with its approved file.

        Raises:
            NotOffered: There is none.
        """
        junction = _offered().filter(iri=uri).first()
        version = files.approved(junction) if junction else None
        if junction is None or version is None:
            raise NotOffered(uri)
        return _packed(junction, version)

    def plan(self, part: Part, inputs: Mapping[str, Any]) -> PartPlan:
        """Return what ``make`` would do with a part and what stands in the way."""
        fields = filled(part.fields, inputs)
        findings = measure_part.check(fields)
        if not is_unusable(findings):
            findings += [*measure_part.check_origin(part.origin), *_file_findings(part, fields)]
        if is_unusable(findings):
            return PartPlan((), findings)
        return PartPlan(list(_steps(part, fields)), [*findings, *_conflicts(part, fields)])

    @transaction.atomic
    def make(
        self, part: Part, inputs: Mapping[str, Any], *, person: Person | None, now: datetime
    ) -> Reference:
        """Make a draft of a junction, whose file waits for two engineers.

        Raises:
            BadPart: Something stands in the way.
        """
        wrong, origin = errors(self.plan(part, inputs).findings), part.origin
        if wrong or origin is None:  # the plan finds a missing origin, too
            raise BadPart(wrong)
        fields = filled(part.fields, inputs)
        junction = register.begin(
            titles={installation.city().languages[0]: fields["title"]},
            summaries=dict(fields["summaries"]),
            latitude=fields["latitude"],
            longitude=fields["longitude"],
            origin={**asdict(origin), "titles": dict(origin.titles)},
            person=person,
            now=now,
        )
        _receive(junction, part.files[FILE], _policy_of(part, fields), person=person, now=now)
        return Reference(junction.iri, "junction", junction.titles, f"junctions/{junction.slug}/")

    def fields_of(self, uri: str) -> Mapping[str, Any] | None:
        """Return what became of a part, in the form of its fields; None where it is gone."""
        return self.fields_of_all([uri]).get(uri)

    def fields_of_all(self, uris: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        """Return the fields of several junctions, by URI, in two queries."""
        newest: dict[Any, FileVersion] = {}
        versions = FileVersion.objects.filter(junction__iri__in=uris)
        for version in versions.only("junction_id", "number", "sha256", "policy_sha256"):
            newest.setdefault(version.junction_id, version)
        rows = Junction.objects.filter(iri__in=uris)
        return {each.iri: _fields(each, newest.get(each.pk)) for each in rows}

    @transaction.atomic
    def update(
        self, uri: str, part: Part, fields: Mapping[str, Any], *, person: Person | None, now: datetime
    ) -> None:
        """Bring a junction in line with merged fields. Another file becomes a version that waits for two engineers.

        Raises:
            JunctionGone: It is gone.
            BadPart: Something is wrong with the fields, or the file that they speak of is not there.
        """
        junction = _found(uri)
        if junction is None:
            raise JunctionGone(uri)
        findings = measure_part.check(fields)
        if is_unusable(findings):  # what people here took out again need not be filled in
            raise BadPart(errors(findings))
        changed = {
            name: value
            for name, value in _columns(junction, fields).items()
            if getattr(junction, name) != value
        }
        if changed:
            register.change(junction, person=person, now=now, **changed)
        _bring_file(junction, part, fields, person=person, now=now)

    @transaction.atomic
    def go_live(self, uri: str, *, person: Person | None, now: datetime) -> None:
        """Publish a junction's page. What is public stays so, as long as its newest file is approved.

        Raises:
            JunctionGone: It is gone.
            NotApproved: Its newest file is not approved by two engineers.
            NothingSaid: It has no title or no summary.
        """
        junction = _found(uri)
        if junction is None:
            raise JunctionGone(uri)
        newest = _newest(junction)
        if newest is None or newest.state != FileState.APPROVED:
            raise NotApproved(newest.number if newest else 1)
        if junction.status != Publication.PUBLISHED:
            register.publish(junction, person=person, now=now)

    @transaction.atomic
    def undo(self, uri: str, *, person: Person | None, now: datetime) -> None:
        """Delete a draft with its file and evaluations; withdraw what was public."""
        junction = _found(uri)
        if junction is None:
            return
        if junction.status == Publication.PUBLISHED:
            register.withdraw(junction, person=person, now=now)
        if junction.published_at is None:
            register.discard(junction, person=person)

    def simulations(self, uri: str) -> Sequence[Reference]:
        """Return the evaluations of a junction with its newest file, the newest first."""
        junction = _found(uri)
        newest = _newest(junction) if junction else None
        if junction is None or newest is None:
            return []
        return [_evaluation(junction, each) for each in newest.evaluations.all()]


def _offered() -> Any:
    return Junction.objects.filter(
        status=Publication.PUBLISHED, origin={}, versions__state=FileState.APPROVED
    )


def _found(uri: str) -> Junction | None:
    return Junction.objects.filter(iri=uri).first()


def _fields(junction: Junction, newest: FileVersion | None) -> dict[str, Any]:
    return {
        "title": pick(junction.titles, installation.city().languages[0]),
        "latitude": junction.latitude,
        "longitude": junction.longitude,
        **_general(junction, newest),
    }


def _newest(junction: Junction) -> FileVersion | None:
    return junction.versions.first()


def _evaluation(junction: Junction, row: Evaluation) -> Reference:
    path = f"junctions/{junction.slug}/evaluations/{row.number}/"
    return Reference(f"{junction.iri}/evaluation/{row.number}", "evaluation", dict(row.titles), path)


# --- what travels -------------------------------------------------------------------------------
def _packed(junction: Junction, version: FileVersion) -> Part:
    name = name_of(junction.slug)
    with override(installation.city().languages[0]):
        page = f"{installation.config().server.url}{reverse('junctions:junction', args=[junction.slug])}"
    inputs = (
        Input(f"{name}-title", titles=_TITLE, hints=_TITLE_HINT),
        _degrees(f"{name}-latitude", _LATITUDE, 90),
        _degrees(f"{name}-longitude", _LONGITUDE, 180),
    )
    fields = {
        "title": {MARK: f"{name}-title"},
        "latitude": {MARK: f"{name}-latitude"},
        "longitude": {MARK: f"{name}-longitude"},
        **_general(junction, version),
    }
    content = {FILE: version.text.encode()}
    if version.policy:
        content[POLICY] = version.policy.encode()
    origin = Reference(junction.iri, "junction", dict(junction.titles), page)
    return Part(SignalParts.kind, name, dict(junction.titles), fields, content, inputs, origin)


def _degrees(key: str, titles: Mapping[str, str], most: int) -> Input:
    return Input(key, InputKind.DECIMAL, titles=titles, hints=_PLACE_HINT, unit="°", least=-most, most=most)


def _general(junction: Junction, version: FileVersion | None) -> dict[str, Any]:
    return {
        "summaries": dict(junction.summaries),
        "file_sha256": version.sha256 if version else "",
        "policy_sha256": version.policy_sha256 if version else "",
    }


# --- plan ---------------------------------------------------------------------------------------
def _file_findings(part: Part, fields: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the files that come along, the check of the junction file included."""
    hashes = {name: files.sha256_of(part.files[name]) for name in HASHES if name in part.files}
    wrong = measure_part.check_hashes(fields, hashes)
    yield from wrong
    if wrong:
        return
    yield from _junction_findings(part.files[FILE])
    if policy := _policy_of(part, fields):
        try:
            files.read_policy(policy)
        except files.NotAPolicy as error:
            yield from measure_part.of_file(error.findings, POLICY)


def _junction_findings(content: bytes) -> list[Finding]:
    try:
        return measure_part.of_file(files.read(content)[1])
    except files.NotText as error:
        return [Finding(Severity.ERROR, error.code, f"/{FILE}", error.sentence)]


def _policy_of(part: Part, fields: Mapping[str, Any]) -> bytes:
    return part.files[POLICY] if fields.get("policy_sha256") else b""


def _conflicts(part: Part, fields: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what does not stand in the way, but what somebody should know."""
    described = files.described_text(part.files[FILE].decode())
    if described is not None:
        message = say(
            "The file describes the junction “{name}” of another city. Compare it with the one here, and upload a file "
            "of your own where it differs.",
            name=described.name or described.id,
        )
        yield measure_part.note("of-another-city", f"/{FILE}", message, Severity.INFO)
    title = fields.get("title")
    same = Junction.objects.filter(slug=register.slug_of(title)).first() if title else None
    if same is not None:
        message = say("There is a junction {slug} already; another one is made beside it.", slug=same.slug)
        yield measure_part.note("same-name", "/title", message)
    twin = Junction.objects.filter(versions__sha256=fields["file_sha256"]).first()
    if twin is not None:
        message = say("The junction {slug} has the same file already.", slug=twin.slug)
        yield measure_part.note("same-file", f"/{FILE}", message)


def _steps(part: Part, fields: Mapping[str, Any]) -> Iterator[Step]:
    title = fields.get("title") or "…"
    yield Step(say("A draft of a junction “{title}” is made, for simulation only.", title=title))
    described = files.described_text(part.files[FILE].decode())
    count = len(described.groups) if described else 0
    yield Step(say("Its junction file waits for two engineers. Signal groups in it: {count}.", count=count))
    if fields.get("policy_sha256"):
        yield Step(say("The policy of the partner’s city comes along; the two are approved as one."))


# --- files --------------------------------------------------------------------------------------
def _columns(junction: Junction, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a junction as fields have them; what is not filled in stays as it is."""
    titles = dict(junction.titles)
    if fields.get("title"):
        titles[installation.city().languages[0]] = fields["title"]
    place = {name: fields[name] for name in ("latitude", "longitude") if fields.get(name) is not None}
    return {"titles": titles, "summaries": dict(fields["summaries"]), **place}


def _bring_file(
    junction: Junction, part: Part, fields: Mapping[str, Any], *, person: Person | None, now: datetime
) -> None:
    """Make the file and the policy that fields speak of the newest version, where they are not already."""
    newest = _newest(junction)
    wanted = {name: fields.get(field) or "" for name, field in HASHES.items()}
    if newest is not None and (newest.sha256, newest.policy_sha256) == (wanted[FILE], wanted[POLICY]):
        return
    known = _contents(junction, part)
    lacking = [name for name, sha256 in wanted.items() if sha256 and sha256 not in known]
    if lacking:
        raise BadPart([measure_part.no_such_file(name) for name in lacking])
    content = known[wanted[FILE]]
    if wrong := errors(_junction_findings(content)):
        raise BadPart(wrong)
    _receive(junction, content, known.get(wanted[POLICY], b""), person=person, now=now)


def _contents(junction: Junction, part: Part) -> dict[str, bytes]:
    """Return what a junction's files held so far and what came along, by SHA-256."""
    kept = [
        each.encode() for pair in junction.versions.values_list("text", "policy") for each in pair if each
    ]
    came = [part.files[name] for name in HASHES if name in part.files]
    return {files.sha256_of(each): each for each in (*kept, *came)}


def _receive(
    junction: Junction, content: bytes, policy: bytes, *, person: Person | None, now: datetime
) -> None:
    with override(installation.city().languages[0]):
        note = spoken(say("Taken over with a measure from {address}", address=junction.origin["uri"]))
    files.receive(junction, content, policy=policy, note=note[:500], person=person, now=now)
