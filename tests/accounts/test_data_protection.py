"""Export and erasure, and what is forgotten by itself."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tandem.accounts.access import person_of_token
from tandem.accounts.domain.roles import ADMINISTRATOR, RoomRole
from tandem.accounts.models import ApiToken, AuditEntry, Invitation, Person
from tandem.accounts.services import data_protection
from tandem.accounts.services.audit import record
from tandem.accounts.services.data_protection import AlreadyErased, erase, export_person
from tandem.accounts.services.invitations import invite
from tandem.accounts.services.people import create_person, find_people
from tandem.accounts.services.retention import Purged, purge
from tandem.accounts.services.roles import LastAdministrator
from tandem.accounts.services.tokens import create_token
from tests.accounts.people import PASSWORD, arm, client_of, somebody
from tests.accounts.test_tokens import asking
from tests.pages import PageClient

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_room(monkeypatch):
    """Register a room that counts what it was asked to forget."""
    forgotten = []
    monkeypatch.setattr(data_protection, "_exporters", {})
    monkeypatch.setattr(data_protection, "_erasers", {})
    data_protection.register_exporter("participation", lambda person: {"ideas": [f"of {person.email}"]})
    data_protection.register_eraser("participation", lambda person: forgotten.append(person.email) or 3)
    return forgotten


@pytest.fixture
def anna(other_room):
    """Return a member of staff of whom the portal knows all that it can know."""
    person = somebody("catalogue:editor", name="Anna Amtmann", email="anna@example.org")
    create_token(person, "counters", actor=person)
    record(person, "catalogue.dataset.publish", "https://example.org/trees")
    invite(
        "anna@example.org",
        roles=[RoomRole.parse("exchange:reader")],
        language="de",
        actor=None,
        now=timezone.now(),
    )
    return person


def test_an_export_holds_everything_that_the_rooms_know(anna):
    exported = export_person(anna)

    assert list(exported) == ["accounts", "participation"]
    account = exported["accounts"]
    assert (account["email"], account["name"]) == ("anna@example.org", "Anna Amtmann")
    assert [each["role"] for each in account["roles"]] == ["catalogue:editor"]
    assert [each["name"] for each in account["tokens"]] == ["counters"]
    assert [each["email"] for each in account["invitations"]] == ["anna@example.org"]
    assert [each["action"] for each in account["actions"]] == [
        "catalogue.dataset.publish",
        "accounts.token.create",
    ]
    assert exported["participation"] == {"ideas": ["of anna@example.org"]}


def test_an_export_holds_no_secret(anna):
    text = json.dumps(export_person(anna), default=str)

    assert anna.password not in text
    assert ApiToken.objects.get().digest not in text
    assert all(each.data.get("secret", "none") not in text for each in Authenticator.objects.all())


def test_the_page_hands_over_a_zip(anna):
    client = client_of(anna, confirmed=True)
    with override("en"):
        answer = client.post(reverse("accounts:data"))
    archive = zipfile.ZipFile(io.BytesIO(answer.content))

    assert archive.namelist() == ["accounts.json", "participation.json"]
    assert json.loads(archive.read("accounts.json"))["email"] == "anna@example.org"
    assert answer["Content-Type"] == "application/zip"


def test_erasure_leaves_nothing_that_identifies(anna, other_room):
    secret = create_token(anna, "another", actor=anna)[1]

    changed = erase(anna, actor=anna, now=timezone.now())

    assert other_room == ["anna@example.org"]
    assert changed["participation"] == 3
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name != "django_session"]
        stored = {}
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            stored[table] = json.dumps(cursor.fetchall(), default=str)
    assert [
        table for table, text in stored.items() if "anna" in text.lower() or "amtmann" in text.lower()
    ] == []
    assert person_of_token(asking(f"Bearer {secret}")) is None
    assert not Authenticator.objects.exists()


def test_the_audit_trail_keeps_what_was_done_under_a_pseudonym(anna):
    before = list(AuditEntry.objects.values_list("id", "action", "actor_label"))
    erase(anna, actor=None, now=timezone.now())

    entries = AuditEntry.objects.order_by("-at", "-id")
    assert list(entries[1:].values_list("id", "action", "actor_label")) == before
    published = AuditEntry.objects.get(action="catalogue.dataset.publish")
    assert published.actor_label == anna.pseudonym
    with override("en"):
        assert str(published.actor) == f"Erased person {anna.pseudonym}"


def test_an_erased_person_cannot_sign_in_and_is_in_no_list(anna):
    client = client_of(anna)
    erase(anna, actor=None, now=timezone.now())

    with override("en"):
        assert client.get(reverse("accounts:me")).status_code == 302, "the session is over"
        sign_in = {"login": "anna@example.org", "password": PASSWORD}
        assert PageClient().post(reverse("account_login"), sign_in).status_code == 200
        administrator = client_of(somebody(str(ADMINISTRATOR)))
        assert administrator.get(reverse("accounts:person", args=[anna.pk])).status_code == 404
    assert anna not in find_people()
    with pytest.raises(AlreadyErased):
        erase(anna, actor=None, now=timezone.now())


def test_the_address_is_free_again(anna):
    erase(anna, actor=None, now=timezone.now())

    assert create_person("anna@example.org").pk != anna.pk


def test_a_room_that_fails_to_forget_leaves_everything_as_it_was(anna):
    def fail(person):
        raise ZeroDivisionError

    data_protection.register_eraser("signals", fail)
    with pytest.raises(ZeroDivisionError):
        erase(anna, actor=None, now=timezone.now())

    anna.refresh_from_db()
    assert anna.email == "anna@example.org"
    assert anna.grants.exists()


def test_one_erases_oneself_with_the_password(anna):
    client = client_of(anna)
    with override("en"):
        wrong = client.post(reverse("accounts:erase_me"), {"password": "not mine"})
        assert list(wrong.context["form"].errors) == ["password"]
        answer = client.post(reverse("accounts:erase_me"), {"password": PASSWORD})
        assert answer.url == reverse("home")

    anna.refresh_from_db()
    assert anna.erased_at is not None
    assert AuditEntry.objects.get(action="accounts.person.erase").actor == anna


def test_the_last_administrator_is_told_why_not():
    last = somebody(str(ADMINISTRATOR))
    with override("en"):
        answer = client_of(last).post(reverse("accounts:erase_me"), {"password": PASSWORD})

    assert "last administrator" in answer.content.decode()
    with pytest.raises(LastAdministrator):
        erase(last, actor=None, now=timezone.now())
    last.refresh_from_db()
    assert last.erased_at is None


def test_an_administrator_erases_who_asked_for_it(anna):
    client = client_of(somebody(str(ADMINISTRATOR)), confirmed=True)
    with override("en"):
        address = reverse("accounts:erase_person", args=[anna.pk])
        wrong = client.post(address, {"email": "bruno@example.org"})
        assert list(wrong.context["form"].errors) == ["email"]
        assert client.post(address, {"email": "Anna@example.org"}).url == reverse("accounts:people")

    anna.refresh_from_db()
    assert anna.erased_at is not None


def test_purge_forgets_what_is_old_and_nothing_else(other_room):
    now = timezone.now()
    week_ago = now - timedelta(days=7, seconds=1)

    def signed_up(email, joined_at, *, verified=False, **fields):
        person = Person.objects.create_user(email, PASSWORD, joined_at=joined_at, **fields)
        EmailAddress.objects.create(user=person, email=email, primary=True, verified=verified)
        return person

    signed_up("stale@example.org", week_ago)
    kept = {
        signed_up("fresh@example.org", now - timedelta(days=6)),
        signed_up("verified@example.org", week_ago, verified=True),
        signed_up("signed-in@example.org", week_ago, last_login=week_ago),
        create_person("made@example.org", roles=["catalogue:editor"]),
    }
    erased = signed_up("erased@example.org", week_ago, verified=True)
    erase(erased, actor=None, now=week_ago)
    acted = signed_up("acted@example.org", week_ago)
    record(acted, "catalogue.dataset.publish")

    assert purge(now) == Purged(people=1, sessions=0, invitations=0, tokens=0)
    assert set(Person.objects.all()) == {*kept, erased, acted}
    assert purge(now).people == 0


def test_purge_forgets_expired_sessions_closed_invitations_and_revoked_tokens():
    now = timezone.now()
    for days in (-1, 1):
        Session.objects.create(
            session_key=f"s{days}", session_data="", expire_date=now + timedelta(days=days)
        )
    for days, closed in (
        (91, "accepted_at"),
        (91, "withdrawn_at"),
        (89, "withdrawn_at"),
        (91, None),
        (89, None),
    ):
        then = now - timedelta(days=days)
        expires = then if closed is None else now
        Invitation.objects.create(
            email="x@example.org", language="de", expires_at=expires, **({closed: then} if closed else {})
        )
    person = somebody()
    for days in (91, 89):
        token, _secret = create_token(person, "t", actor=None)
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=now - timedelta(days=days))
    create_token(person, "in use", actor=None)

    assert purge(now) == Purged(people=0, sessions=1, invitations=3, tokens=1)
    assert (Session.objects.count(), Invitation.objects.count(), ApiToken.objects.count()) == (1, 2, 2)


def test_erasing_takes_the_second_factor_of_citizens_too(other_room):
    citizen = somebody()
    arm(citizen)
    erase(citizen, actor=None, now=timezone.now())

    assert not Authenticator.objects.exists()
