"""The formal procedure: period, documents, statements with receipts, weighing, decision, reply, table."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.urls import reverse
from docx import Document

from tandem.accounts.models import AuditEntry
from tandem.participation.domain.phase import PhaseKind
from tandem.participation.domain.plan import set_hash
from tandem.participation.domain.receipt import is_receipt_number
from tandem.participation.domain.statement import Outcome
from tandem.participation.models import PlanDocument, PlanStatement
from tandem.participation.services import plan, procedure_files, statements, weighing
from tandem.participation.services.statements import Author, Upload
from tests.participation.conftest import NOW, move

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a plan"
TEXT = "Der Platz braucht Schatten.\n\nDie Zufahrt ist zu eng."


def url(phase, name, *more):
    return reverse(f"participation:{name}", args=[phase.process.slug, phase.number, *more])


@pytest.fixture
def phase(a_phase):
    return a_phase(PhaseKind.STATEMENTS)


@pytest.fixture
def planner(person):
    return person("participation:planner")


def receive(phase, text=TEXT, **values):
    given = {"uploads": [], "author": Author(), "received_at": NOW, "now": NOW, "language": "de", **values}
    return statements.receive(phase, text=text, **given)


def send(client, phase, **values):
    return client.post(url(phase, "statement_new"), {"text": TEXT, "token": "abc", **values})


# --- making one ---------------------------------------------------------------------------------
def test_a_guest_makes_a_statement_and_gets_a_receipt(page_client, phase):
    plan.add_document(
        phase, kind="plan", titles={"de": "Plan"}, content=PDF, filename="plan.pdf", media_type="application/pdf",
        person=None, now=NOW,
    )  # fmt: skip
    assert page_client.get(url(phase, "phase")).status_code == 200
    file = SimpleUploadedFile("karte.pdf", PDF)
    answer = send(page_client, phase, attachments=[file], name="Ada", email="ada@example.org")
    row = PlanStatement.objects.get()
    told = json.loads(bytes(row.receipt))

    assert answer.url == url(phase, "receipt", row.number)
    assert row.number in page_client.get(answer.url).content.decode()
    assert told["plan_sha256"] == set_hash([(PlanDocument.objects.get().sha256, "plan.pdf")])
    assert [each["name"] for each in told["attachments"]] == ["karte.pdf"]
    assert page_client.get(url(phase, "receipt_file", row.number)).content == bytes(row.receipt)
    assert (mail.outbox[-1].to, row.number in mail.outbox[-1].body) == (["ada@example.org"], True)


def test_the_same_form_sent_twice_is_one_statement(page_client, phase):
    assert send(page_client, phase).url == send(page_client, phase).url
    assert PlanStatement.objects.count() == 1


def test_nobody_else_sees_a_statement(page_client, client, phase, person):
    send(page_client, phase)
    number = PlanStatement.objects.get().number
    assert client.get(url(phase, "receipt", number)).status_code == 404
    client.force_login(person())
    assert client.get(url(phase, "receipt", number)).status_code == 404
    assert client.get(url(phase, "statement", number)).status_code == 403
    client.force_login(person("participation:reader"))
    assert client.get(url(phase, "statement", number)).status_code == 200


@pytest.mark.parametrize(
    ("state", "status", "late"), [("planned", 409, None), ("open", 302, False), ("closed", 302, True)]
)
def test_a_statement_after_the_period_is_taken_and_marked(page_client, phase, state, status, late):
    move(phase, state)
    assert send(page_client, phase).status_code == status
    assert [each.is_late for each in PlanStatement.objects.all()] == ([] if late is None else [late])


def test_the_last_second_is_in_time_and_the_next_is_not(phase):
    moments = [phase.closes_at - timedelta(microseconds=1), phase.closes_at]
    assert [receive(phase, received_at=each, now=each).is_late for each in moments] == [False, True]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"text": " "}, "Write your statement"),
        ({"attachments": [SimpleUploadedFile("a.exe", b"MZ")]}, "neither a PDF"),
        ({"is_public_body": "on"}, "Name the public body"),
        ({"email": "nobody"}, "valid email"),
    ],
)
def test_wrong_input_is_told_and_nothing_is_stored(page_client, phase, values, said):
    answer = send(page_client, phase, **values)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert PlanStatement.objects.count() == 0


def test_a_receipt_is_checked_to_the_last_character(page_client, phase):
    row = receive(phase, uploads=[Upload("a.pdf", PDF)])

    def check(text, content):
        given = {"number": row.number, "text": text, "attachments": [SimpleUploadedFile("a.pdf", content)]}
        return page_client.post(url(phase, "receipt_verify"), given).content.decode()

    assert "It is what was received" in check(TEXT, PDF)
    assert "not the one that was received" in check(f"{TEXT}!", PDF)
    assert "missing, or not as it was received" in check(TEXT, PDF + b"!")


def test_one_withdraws_ones_own(page_client, client, phase, by_email, as_participant):
    as_participant(page_client, by_email("a@example.org"))
    send(page_client, phase)
    row = PlanStatement.objects.get()
    assert client.post(url(phase, "statement_withdraw", row.number)).status_code == 403
    page_client.post(url(phase, "statement_withdraw", row.number))
    row.refresh_from_db()
    assert row.withdrawn_at is not None
    assert row.text == TEXT


@pytest.mark.django_db(transaction=True)
def test_numbers_are_without_gaps_however_many_come_at_once(phase):
    def act(number):
        try:
            return receive(phase, f"Stellungnahme {number}").sequence
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(act, range(20))) == list(range(1, 21))


def test_two_procedures_of_nearly_the_same_name_number_their_statements_apart(a_phase):
    one, other = a_phase(PhaseKind.STATEMENTS), a_phase(PhaseKind.STATEMENTS)

    numbers = [receive(each).number for each in (one, other, one, other)]

    assert [number.rpartition("-")[0] for number in numbers] == [
        f"{prefix}-{NOW.year}-{sequence:06d}"
        for sequence in (1, 2)
        for prefix in ("VERFAHRE1", "VERFAHRE1X2")
    ]
    assert all(is_receipt_number(number) for number in numbers)


# --- the office ---------------------------------------------------------------------------------
def test_the_period_follows_from_the_announcement(signed_in, planner, phase):
    move(phase, "planned")
    client = signed_in(planner)
    given = {
        "rule": "de.baugb-3-2", "announced_on_day": 6, "announced_on_month": 2, "announced_on_year": 2026,
        "starts_on_day": 9, "starts_on_month": 2, "starts_on_year": 2026, "notice_days": 0,
        "deposit_days": 30, "observation_days": 30, "region": "NW",
    }  # fmt: skip
    assert client.post(url(phase, "statement_settings"), given).status_code == 302
    phase.refresh_from_db()
    assert phase.period["last_day"] == "2026-03-10"
    assert phase.closes_at.isoformat() == "2026-03-10T23:00:00+00:00"
    for language in ("de", "it", "en"):
        for page in ("", "plan/announcement/"):
            address = f"/{language}/take-part/{phase.process.slug}/1/{page}"
            assert client.get(address).status_code == 200
    bad = client.post(url(phase, "statement_settings"), {**given, "starts_on_day": 5})
    assert bad.status_code in {200, 302}
    phase.refresh_from_db()
    assert phase.period["last_day"] == "2026-03-10"


def test_every_version_of_a_document_stays(signed_in, planner, phase):
    client = signed_in(planner)
    given = {"kind": "plan", "titles_de": "Plan", "file": SimpleUploadedFile("plan.pdf", PDF)}
    client.post(url(phase, "plan_documents"), given)
    first = PlanDocument.objects.get()
    client.post(
        url(phase, "plan_documents"),
        {**given, "key": first.key, "file": SimpleUploadedFile("plan.pdf", PDF + b" 2")},
    )
    assert [(each.version, bool(each.replaced_at)) for each in PlanDocument.objects.order_by("version")] == [
        (1, True), (2, False),
    ]  # fmt: skip
    old = client.get(url(phase, "plan_document", first.pk))
    assert b"".join(old.streaming_content) == PDF


def test_a_statement_is_weighed_decided_and_answered(signed_in, planner, phase):
    row = receive(phase, author=Author(name="Ada", email="ada@example.org"))
    paper = receive(
        phase, "Zu laut.", author=Author(name="Bo", address="Weg 1"), channel="paper", person=planner
    )
    client, mine = signed_in(planner), url(phase, "statement", row.number)

    client.post(mine, {"step": "begin"})
    assert len(weighing.value_of(PlanStatement.objects.get(pk=row.pk)).segments) == 2
    missing = client.post(mine, {"step": "weigh", "at": "0", "s0-outcome": "followed", "s0-reasons": ""})
    assert missing.status_code == 400
    for at, outcome in enumerate(["followed", "not-followed"]):
        client.post(
            mine, {"step": "weigh", "at": at, f"s{at}-outcome": outcome, f"s{at}-reasons": f"Grund {at}"}
        )
    late = client.post(
        mine, {"step": "weigh", "at": "0", "s0-outcome": "left-out-late", "s0-reasons": "x"}, follow=True
    )
    assert "cannot be left out as late" in late.content.decode()
    client.post(url(phase, "statement", paper.number), {"step": "begin"})
    client.post(
        url(phase, "statement", paper.number),
        {"step": "weigh", "at": 0, "s0-outcome": "noted", "s0-reasons": "Ja"},
    )

    move(phase, "closed")
    assert client.post(url(phase, "statement_reply", row.number), {"text": "x"}).status_code == 200
    client.post(url(phase, "statements_decide"), COUNCIL)
    client.post(url(phase, "statements_reply"))
    row.refresh_from_db()
    assert "Grund 1" in row.reply["text"]
    assert "Wir folgen diesem Punkt" in row.reply["text"] or "We follow this point" in row.reply["text"]
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert len(mail.outbox) == 1
    letters = client.get(url(phase, "statement_letters")).content.decode()
    assert ("Weg 1" in letters, "ada@example.org" in letters) == (True, False)

    document = Document(io.BytesIO(client.get(url(phase, "synopsis_docx")).content))
    said = " ".join(cell.text for table in document.tables for line in table.rows for cell in line.cells)
    assert ("Schatten" in said, "Grund 0" in said, "Ada" in said) == (True, True, False)
    assert client.get(url(phase, "synopsis_pdf")).content.startswith(b"%PDF")
    with closing(client.get(url(phase, "statement_archive"))) as kept:
        names = zipfile.ZipFile(io.BytesIO(kept.getvalue())).namelist()
    assert f"statements/{row.number}/receipt.json" in names


COUNCIL = {
    "body": "Rat",
    "decided_on_day": 1,
    "decided_on_month": 6,
    "decided_on_year": 2026,
    "resolution": "7/26",
}


@pytest.mark.parametrize("text", ["", " \n "])
def test_a_statement_that_is_all_in_its_files_is_weighed_and_answered_like_any_other(
    signed_in, planner, phase, text
):
    body = Author(organisation="Lippeverband", email="plan@example.org", is_public_body=True)
    row = receive(phase, text, uploads=[Upload("plan.pdf", PDF)], author=body)
    client, mine = signed_in(planner), url(phase, "statement", row.number)

    assert 'value="begin"' in client.get(mine).content.decode()
    client.post(mine, {"step": "begin"})
    assert "It is all in the attached files." in client.get(mine).content.decode()
    client.post(mine, {"step": "weigh", "at": "0", "s0-outcome": "followed", "s0-reasons": "Ja"})
    move(phase, "closed")
    client.post(url(phase, "statements_decide"), COUNCIL)
    client.post(url(phase, "statements_reply"))

    row.refresh_from_db()
    assert "1. Wir folgen diesem Punkt. Ja" in row.reply["text"]
    assert mail.outbox[-1].to == ["plan@example.org"]
    [section] = procedure_files.synopsis_of(phase, language="de", named=False, as_of=NOW.date()).sections
    assert [(line.text, line.weighing) for line in section.rows] == [
        ("Die Stellungnahme steht in ihren Anlagen.", "Ja")
    ]


@pytest.mark.parametrize("step", ["weigh", "reopen", "cut", "join"])
@pytest.mark.parametrize("at", ["", "-1", "x", "99", "9" * 5000, "²"])
def test_a_place_that_a_statement_has_not_changes_nothing_and_is_said(signed_in, planner, phase, step, at):
    row = receive(phase)
    weighing.begin(row)
    weighing.weigh(row, 0, outcome=Outcome.NOTED, reasons="Ja", person=planner, now=NOW)
    before = PlanStatement.objects.values("cuts", "segments", "reply").get()

    answer = signed_in(planner).post(
        url(phase, "statement", row.number), {"step": step, "at": at}, follow=True
    )

    assert PlanStatement.objects.values("cuts", "segments", "reply").get() == before
    assert 'class="notice' in answer.content.decode()


def test_a_decision_is_in_the_trail_of_its_procedure_and_writes_what_it_decides_alone(
    signed_in, planner, phase, django_assert_num_queries
):
    rows = [receive(phase, f"Stellungnahme {number}") for number in range(20)]
    weighing.begin(rows[0])
    weighing.weigh(rows[0], 0, outcome=Outcome.NOTED, reasons="Ja", person=planner, now=NOW)

    with django_assert_num_queries(
        5
    ):  # the transaction's two ends, the rows, the one that is decided, the trail
        count = weighing.decide_as_proposed(
            phase, body="Rat", decided_on=NOW.date(), resolution="7/26", person=planner
        )

    entry = AuditEntry.objects.get(action="participation.statement.decide")
    assert (count, entry.subject, entry.detail) == (
        1,
        phase.process.iri,
        {"segments": 1, "resolution": "7/26"},
    )


def test_cutting_never_loses_a_weighing_that_stays(phase, planner):
    row = receive(phase)
    weighing.begin(row)
    weighing.weigh(row, 0, outcome="followed", reasons="Ja", person=planner, now=NOW)
    weighing.cut(row, TEXT.index("ist zu eng"))
    value = weighing.value_of(PlanStatement.objects.get(pk=row.pk))
    assert [bool(each.weighing) for each in value.segments] == [True, False, False]
    weighing.cut(row, TEXT.index("ist zu eng"), together=True)
    assert len(weighing.value_of(PlanStatement.objects.get(pk=row.pk)).segments) == 2


def test_equal_letters_are_weighed_once_and_what_was_added_stays_open(signed_in, planner, phase):
    letter = " ".join(f"Wort{number} steht im Brief." for number in range(30))
    for added in ("", "", "\n\nUnd mein Garten liegt daneben."):
        receive(phase, f"{letter}{added}")
    client = signed_in(planner)
    client.post(url(phase, "statements_group"))
    first = PlanStatement.objects.order_by("sequence").first()
    assert set(PlanStatement.objects.values_list("model", flat=True)) == {first.number}
    weighing.begin(first)
    weighing.weigh(first, 0, outcome="not-followed", reasons="Nein", person=planner, now=NOW)
    client.post(url(phase, "statement", first.number), {"step": "like-model"})
    weighed = [
        [bool(each.weighing) for each in weighing.value_of(row).segments]
        for row in PlanStatement.objects.order_by("sequence")
    ]
    assert weighed == [[True], [True], [True, False]]
    table = procedure_files.synopsis_of(phase, language="de", named=False, as_of=NOW.date())
    assert sum(len(section.rows) for section in table.sections) == 3


@pytest.mark.parametrize("name", ["statements", "statement_paper", "statement_settings", "plan_documents"])
def test_citizens_do_no_office_work(signed_in, person, phase, name):
    assert signed_in(person()).get(url(phase, name)).status_code == 403


@pytest.mark.parametrize("count", [1, 40])
def test_pages_take_few_queries(signed_in, planner, phase, django_assert_max_num_queries, count):
    for number in range(count):
        receive(phase, f"Stellungnahme {number}")
    client = signed_in(planner)
    for name in ("phase", "statements"):
        with django_assert_max_num_queries(10):
            assert client.get(url(phase, name)).status_code == 200


@pytest.mark.parametrize("asked", ["q=%00", "only=%00&page=%00"])
def test_whatever_is_asked_of_the_list_has_an_answer(signed_in, planner, phase, asked):
    assert signed_in(planner).get(f"{url(phase, 'statements')}?{asked}").status_code == 200
