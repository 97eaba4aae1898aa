"""Junction files: uploaded, checked, compared, approved by two people."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from tandem.junctions.domain.approval import Action, NotYours
from tandem.junctions.models import FileVersion
from tandem.junctions.services import files
from tests.junctions.conftest import NOW
from tests.junctions.messages import doubtful_file, file_of, unsafe_file

pytestmark = pytest.mark.django_db


def upload(client, junction, content: bytes, note: str = ""):
    url = reverse("junctions:upload", args=[junction.slug])
    return client.post(url, {"file": SimpleUploadedFile("j.json", content), "note": note})


def test_two_engineers_bring_a_file_to_its_approval(junction, signed_in, engineer, colleague):
    client = signed_in(engineer)
    assert upload(client, junction, file_of(), "First").status_code == 302
    url = reverse("junctions:version", args=[junction.slug, 1])
    client.post(url, {"step": "propose"})
    mine = client.get(url).content.decode()
    assert "another engineer has to approve it" in mine
    assert 'value="approve"' not in mine
    refused = client.post(url, {"step": "approve"})
    assert (refused.status_code, "Another engineer has to approve it" in refused.content.decode()) == (
        400,
        True,
    )

    client = signed_in(colleague)
    client.post(url, {"step": "approve", "reason": "Looked through."})
    version = FileVersion.objects.get()
    assert (version.state, [each.action for each in version.steps.all()]) == (
        "approved",
        ["upload", "propose", "approve"],
    )
    client.logout()
    assert "file approved" in client.get(reverse("junctions:list")).content.decode()
    served = client.get(reverse("junctions:download", args=[junction.slug, 1]))
    assert (served.content, served["Content-Disposition"]) == (
        file_of(),
        'attachment; filename="market-street-1.junction.json"',
    )


def test_a_later_approval_replaces_the_one_before(junction, approve):
    approve(junction)
    approve(junction, file_of(name="Second"))

    assert [(each.number, each.state) for each in junction.versions.all()] == [
        (2, "approved"),
        (1, "replaced"),
    ]
    with pytest.raises(IntegrityError):
        FileVersion.objects.filter(number=1).update(state="approved")


def test_a_file_with_errors_shows_them_with_their_paths_and_cannot_be_proposed(junction, signed_in, engineer):
    client = signed_in(engineer)
    upload(client, junction, unsafe_file())
    url = reverse("junctions:version", args=[junction.slug, 1])
    text = client.get(url).content.decode()

    assert ("groups/K1" in text, "signals.check.minimum-green-too-short" in text) == (True, True)
    assert 'value="propose"' not in text
    refused = client.post(url, {"step": "propose", "reason": "please"})
    assert "The check finds errors in this version: 1" in refused.content.decode()


def test_warnings_need_a_written_reason_and_what_was_typed_is_kept(junction, signed_in, engineer):
    client = signed_in(engineer)
    upload(client, junction, doubtful_file())
    url = reverse("junctions:version", args=[junction.slug, 1])

    assert "Write why the file can be used" in client.post(url, {"step": "propose"}).content.decode()
    client.post(url, {"step": "propose", "reason": "The exit is planned."})
    version = FileVersion.objects.get()
    assert (version.state, version.steps.last().reason) == ("proposed", "The exit is planned.")


def test_a_withdrawal_needs_a_reason_and_keeps_it(junction, colleague, signed_in, approve):
    version = approve(junction)
    client, url = signed_in(colleague), reverse("junctions:version", args=[junction.slug, 1])
    assert "Write down the reason" in client.post(url, {"step": "withdraw", "reason": " "}).content.decode()
    client.post(url, {"step": "withdraw", "reason": "The crossing was moved."})

    version.refresh_from_db()
    assert (version.state, version.steps.last().reason) == ("withdrawn", "The crossing was moved.")
    client.logout()
    assert client.get(reverse("junctions:download", args=[junction.slug, 1])).status_code == 404


def test_the_difference_to_the_version_before_is_shown(junction, engineer, signed_in):
    files.receive(junction, file_of(), note="", person=engineer, now=NOW)
    files.receive(
        junction, file_of(intergreens={"K1": {"K2": 7, "F1": 6}, "K2": {"K1": 5}, "F1": {"K1": 6}}),
        note="", person=engineer, now=NOW,
    )  # fmt: skip
    text = signed_in(engineer).get(reverse("junctions:version", args=[junction.slug, 2])).content.decode()

    assert ("intergreens/K1/K2" in text, "Intergreen 5 s → 7 s." in text) == (True, True)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"x\0y", b" " * 2_000_001])
def test_what_is_no_text_is_not_kept(junction, signed_in, engineer, content: bytes):
    answer = upload(signed_in(engineer), junction, content)

    assert (answer.status_code, FileVersion.objects.count()) == (400, 0)


def test_text_that_is_no_junction_is_kept_with_its_findings(junction, signed_in, engineer):
    client = signed_in(engineer)
    assert upload(client, junction, b'{"format": "tandem-junction/1"}').status_code == 302
    text = client.get(reverse("junctions:version", args=[junction.slug, 1])).content.decode()

    assert "is missing. Add it." in text


def test_the_same_file_is_not_a_new_version(junction, signed_in, engineer):
    client = signed_in(engineer)
    upload(client, junction, file_of())

    assert "version 1 already" in upload(client, junction, file_of()).content.decode()


def test_a_reader_sees_versions_and_decides_nothing(junction, engineer, person, signed_in):
    files.receive(junction, file_of(), note="", person=engineer, now=NOW)
    client = signed_in(person("junctions:reader"))
    url = reverse("junctions:version", args=[junction.slug, 1])

    assert client.get(url).status_code == 200
    assert "Only engineers decide" in client.post(url, {"step": "propose"}).content.decode()
    assert FileVersion.objects.get().state == "uploaded"


def test_the_service_itself_refuses_one_person_alone(junction, engineer):
    version = files.receive(junction, file_of(), note="", person=engineer, now=NOW)
    files.decide(version, Action.PROPOSE, person=engineer, reason="", now=NOW)

    with pytest.raises(NotYours):
        files.decide(version, Action.APPROVE, person=engineer, reason="", now=NOW)
    files.decide(version, Action.TAKE_BACK, person=engineer, reason="", now=NOW)
    assert (version.state, version.proposed_by) == ("uploaded", None)
