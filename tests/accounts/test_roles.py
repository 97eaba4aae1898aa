"""Roles: granting, revoking, the last administrator, and how many queries asking takes."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import override

from tandem.accounts.domain.roles import ADMINISTRATOR, RoomRole
from tandem.accounts.models import AuditEntry, Person, RoleGrant
from tandem.accounts.services.people import OwnAccount, deactivate, reactivate
from tandem.accounts.services.roles import (
    LastAdministrator,
    grant,
    has_role,
    revoke,
    roles_of,
    set_roles,
    standing,
)
from tests.accounts.people import PASSWORD, client_of, somebody
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
EDITOR, PUBLISHER = RoomRole.parse("catalogue:editor"), RoomRole.parse("catalogue:publisher")


def test_granting_twice_changes_nothing_and_is_told_once():
    person = somebody()

    assert grant(person, EDITOR, PUBLISHER, EDITOR, actor=None) == [EDITOR, PUBLISHER]
    assert grant(person, EDITOR, actor=None) == []
    assert roles_of(person) == {EDITOR, PUBLISHER}
    told = AuditEntry.objects.filter(action="accounts.role.grant", subject=person.uri)
    assert sorted(entry.detail["role"] for entry in told) == ["catalogue:editor", "catalogue:publisher"]


def test_revoking_what_is_not_there_changes_nothing():
    person = somebody("catalogue:editor")

    assert revoke(person, EDITOR, PUBLISHER, actor=None) == [EDITOR]
    assert revoke(person, EDITOR, actor=None) == []
    assert roles_of(person) == frozenset()


def test_an_administrator_may_everything_and_nobody_else_does():
    administrator, editor = somebody(str(ADMINISTRATOR)), somebody("catalogue:editor")

    assert has_role(administrator, "catalogue", "publisher")
    assert has_role(administrator, "exchange")
    assert has_role(editor, "catalogue", "editor")
    assert has_role(editor, "catalogue")
    assert not has_role(editor, "catalogue", "publisher")
    assert not has_role(editor, "exchange")


def test_anonymous_and_deactivated_people_may_nothing():
    editor = somebody("catalogue:editor")
    deactivate(editor, actor=None)

    assert not has_role(AnonymousUser(), "catalogue")
    assert not has_role(editor, "catalogue", "editor")
    assert not has_role(Person.objects.get(pk=editor.pk), "catalogue", "editor")


def test_asking_takes_one_query_per_loaded_person(django_assert_num_queries):
    person = Person.objects.get(pk=somebody("catalogue:editor").pk)

    with django_assert_num_queries(1):
        for _ in range(5):
            assert has_role(person, "catalogue", "editor")
            assert standing(person).has_second_factor


@pytest.mark.parametrize(
    "remove",
    [
        lambda person: revoke(person, ADMINISTRATOR, actor=None),
        lambda person: set_roles(person, [EDITOR], actor=None),
        lambda person: deactivate(person, actor=None),
    ],
    ids=["revoke", "set roles", "deactivate"],
)
def test_the_last_administrator_stays(remove):
    last, shut = somebody(str(ADMINISTRATOR)), somebody(str(ADMINISTRATOR))
    deactivate(shut, actor=None)

    with pytest.raises(LastAdministrator):
        remove(last)
    assert has_role(Person.objects.get(pk=last.pk), "site", "administrator")
    reactivate(shut, actor=None)
    remove(last)
    assert not has_role(Person.objects.get(pk=last.pk), "site", "administrator")


def test_nobody_shuts_their_own_account():
    administrator = somebody(str(ADMINISTRATOR))
    somebody(str(ADMINISTRATOR))

    with pytest.raises(OwnAccount):
        deactivate(administrator, actor=administrator)


def test_a_shut_account_is_signed_out_at_once_and_may_come_back():
    person = somebody()
    client = client_of(person)
    with override("en"):
        assert client.get(reverse("accounts:me")).status_code == 200
        deactivate(person, actor=None)
        assert client.get(reverse("accounts:me")).status_code == 302
        reactivate(person, actor=None)
        assert PageClient().post(
            reverse("account_login"), {"login": person.email, "password": PASSWORD}
        ).url == reverse("home")


def test_the_page_sets_exactly_the_roles_that_are_ticked():
    administrator, person = somebody(str(ADMINISTRATOR)), somebody("catalogue:editor", "exchange:reader")
    client = client_of(administrator, confirmed=True)
    with override("en"):
        page = client.get(reverse("accounts:person", args=[person.pk]))
        client.post(
            reverse("accounts:person", args=[person.pk]),
            {"roles_catalogue": ["catalogue:publisher"], "roles_exchange": ["exchange:reader"]},
        )

    assert 'value="catalogue:editor" id="id_roles_catalogue_1" checked' in " ".join(
        page.content.decode().split()
    )
    assert roles_of(Person.objects.get(pk=person.pk)) == {PUBLISHER, RoomRole.parse("exchange:reader")}


def test_the_page_says_why_the_last_administrator_stays():
    administrator = somebody(str(ADMINISTRATOR))
    client = client_of(administrator, confirmed=True)
    with override("en"):
        answer = client.post(reverse("accounts:person", args=[administrator.pk]), {})

    assert list(answer.context["form"].errors) == ["roles_site"]
    assert RoleGrant.objects.filter(person=administrator).exists()


def test_what_was_posted_before_confirming_is_done_afterwards():
    administrator, person = somebody(str(ADMINISTRATOR)), somebody()
    client = client_of(administrator)
    with override("en"):
        asked = client.post(
            reverse("accounts:person", args=[person.pk]), {"roles_catalogue": ["catalogue:editor"]}
        )
        assert client.get(asked.url).status_code == 200
        assert not roles_of(Person.objects.get(pk=person.pk))
        client.post(asked.url, {"password": PASSWORD})

    assert roles_of(Person.objects.get(pk=person.pk)) == {EDITOR}
