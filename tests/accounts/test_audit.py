"""The audit trail: append-only, without personal data, findable, downloadable."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import override

from tandem.accounts.models import AppendOnly, AuditEntry
from tandem.accounts.services import audit
from tandem.accounts.services.audit import find_entries, record
from tandem.accounts.services.tokens import create_token
from tests.accounts.people import client_of, somebody

pytestmark = pytest.mark.django_db
SUBJECT = "https://example.org/id/dataset/trees"


def test_an_entry_says_who_what_and_when():
    person = somebody("catalogue:publisher")

    entry = record(person, "catalogue.dataset.publish", SUBJECT, {"version": 3})

    entry.refresh_from_db()
    assert (entry.actor, entry.actor_label, entry.action) == (
        person,
        person.pseudonym,
        "catalogue.dataset.publish",
    )
    assert (entry.subject, entry.detail) == (SUBJECT, {"version": 3})
    assert entry.at.tzinfo is not None


def test_the_portal_itself_is_called_system():
    assert record(None, "catalogue.harvest.run").actor_label == "system"


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.update(action="x"),
        lambda entry: AuditEntry.objects.all().delete(),
        lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(detail={}),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["action"]),
        lambda entry: AuditEntry.objects.update_or_create(pk=entry.pk, defaults={"action": "x"}),
    ],
    ids=["save", "delete", "update all", "delete all", "update one", "bulk update", "update or create"],
)
def test_entries_are_never_changed_or_deleted(change):
    entry = record(None, "catalogue.dataset.publish", SUBJECT)

    with pytest.raises(AppendOnly):
        change(entry)
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["catalogue.dataset.publish"]


def test_an_entry_lives_and_dies_with_its_transaction():
    @transaction.atomic
    def publish():
        record(None, "catalogue.dataset.publish", SUBJECT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish()

    assert not AuditEntry.objects.exists()


def test_no_name_and_no_address_is_in_the_table():
    administrator = somebody("site:administrator", name="Anna Amtmann", email="anna@example.org")
    other = somebody("catalogue:editor", name="Bruno Beispiel", email="bruno@example.org")
    client = client_of(administrator, confirmed=True)
    with override("en"):
        client.post(reverse("accounts:person", args=[other.pk]), {"roles_catalogue": ["catalogue:reader"]})
        client.post(reverse("accounts:deactivate", args=[other.pk]))
        client.post(reverse("accounts:tokens"), {"name": "of Anna Amtmann"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_auditentry")
        stored = json.dumps(cursor.fetchall(), default=str)

    assert AuditEntry.objects.filter(actor=administrator).count() == 4
    assert [word for word in ("Anna", "Bruno", "example.org") if word in stored] == []


@pytest.fixture
def trail():
    """Return two people with an entry each, one day apart, around midnight in the city."""
    anna = somebody(name="Anna Amtmann", email="anna@example.org")
    bruno = somebody(name="Bruno Beispiel", email="bruno@example.org")
    # 23:30 in Hamm on 1 March, 00:30 on 2 March
    for person, action, at in (
        (anna, "catalogue.dataset.publish", datetime(2026, 3, 1, 22, 30, tzinfo=UTC)),
        (bruno, "catalogue.dataset.withdraw", datetime(2026, 3, 1, 23, 30, tzinfo=UTC)),
        (None, "catalogues.other.thing", datetime(2026, 3, 5, 12, 0, tzinfo=UTC)),
    ):
        AuditEntry.objects.create(actor=person, actor_label="x", action=action, subject=SUBJECT, at=at)
    return anna, bruno


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["thing", "withdraw", "publish"]),
        ({"words": "amtmann"}, ["publish"]),
        ({"words": "bruno@"}, ["withdraw"]),
        ({"words": "nobody"}, []),
        ({"words": SUBJECT}, ["thing", "withdraw", "publish"]),
        ({"action": "catalogue"}, ["withdraw", "publish"]),
        ({"action": "catalogue.dataset.publish"}, ["publish"]),
        ({"since": datetime(2026, 3, 2).date()}, ["thing", "withdraw"]),
        ({"until": datetime(2026, 3, 1).date()}, ["publish"]),
        ({"since": datetime(2026, 3, 2).date(), "until": datetime(2026, 3, 2).date()}, ["withdraw"]),
    ],
)
def test_entries_are_found_by_person_action_and_day_of_the_city(trail, asked, expected):
    found = find_entries(**asked).exclude(action__startswith="accounts.")

    assert [entry.action.rpartition(".")[2] for entry in found] == expected


def test_entries_about_a_person_are_found_by_their_name(trail):
    anna, _bruno = trail

    assert "accounts.person.create" in [entry.action for entry in find_entries(words="Amtmann")]
    assert {entry.subject for entry in find_entries(words=anna.pseudonym)} == {SUBJECT, anna.uri}


def test_the_page_names_people_and_filters(trail):
    anna, _bruno = trail
    client = client_of(somebody("site:administrator"))
    with override("en"):
        page = client.get(
            reverse("accounts:audit"), {"person": "Amtmann", "action": "catalogue.dataset.publish"}
        )
        wrong = client.get(reverse("accounts:audit"), {"since": "yesterday"})

    assert [row["entry"].actor for row in page.context["rows"]] == [anna]
    assert "Anna Amtmann" in page.content.decode()
    assert list(wrong.context["form"].errors) == ["since"]


def test_the_download_holds_what_the_filter_lets_through_and_no_formula(trail):
    anna, _bruno = trail
    record(anna, "catalogue.dataset.publish", "=cmd|' /C calc'!A0", {"note": "ü"})
    client = client_of(somebody("site:administrator"))
    with override("en"):
        answer = client.get(reverse("accounts:audit_csv"), {"person": "Amtmann", "action": "catalogue"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))

    assert [row["name"] for row in rows] == ["Anna Amtmann"] * 2
    assert [row["subject"] for row in rows] == ["'=cmd|' /C calc'!A0", SUBJECT]
    assert json.loads(rows[0]["detail"]) == {"note": "ü"}
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    "subject", ["urn:uuid:none", "urn:uuid:", "urn:uuid:12345678-1234-1234-1234-123456789abc"]
)
def test_a_subject_that_is_nobody_is_shown_as_it_is(subject):
    record(None, "catalogue.dataset.publish", subject)
    client = client_of(somebody("site:administrator"))
    with override("en"):
        assert subject in client.get(reverse("accounts:audit")).content.decode()


def test_the_page_names_invitations_and_tokens_and_reads_details():
    administrator = somebody("site:administrator", name="Anna Amtmann")
    create_token(somebody(name="Bruno Beispiel"), "nightly counters", actor=administrator)
    record(None, "catalogue.dataset.publish", "x", {"roles": ["a", "b"], "changed": {"tables": 2}})
    with override("en"):
        page = client_of(administrator).get(reverse("accounts:audit"))
    rows = {row["entry"].action: row for row in page.context["rows"]}

    assert rows["accounts.token.create"]["subject"] == "nightly counters"
    assert rows["accounts.token.create"]["detail"] == [("person", "Bruno Beispiel")]
    assert rows["catalogue.dataset.publish"]["detail"] == [("roles", "a, b"), ("changed", "tables 2")]


def test_actions_that_nobody_named_keep_their_own_name():
    record(None, "signals.plan.approve")
    client = client_of(somebody("site:administrator"))
    with override("en"):
        page = client.get(reverse("accounts:audit"))

    assert "signals.plan.approve" in page.content.decode()
    assert audit.actions()[-1] == "signals.plan.approve"
