"""Invitations: their links work once, for their address, until they expire or are withdrawn."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tandem.accounts.adapters.mail import MailNotSent
from tandem.accounts.domain.roles import RoomRole
from tandem.accounts.models import AuditEntry, Invitation, Person
from tandem.accounts.services import invitations
from tandem.accounts.services.invitations import (
    AlreadyInvited,
    InvitationClosed,
    InvitationUnknown,
    WrongAccount,
    accept,
    accept_as_new,
    find,
    invite,
    send_again,
    withdraw,
)
from tandem.accounts.services.roles import roles_of
from tests.accounts.people import PASSWORD, client_of, somebody
from tests.pages import PageClient

pytestmark = pytest.mark.django_db
EDITOR = RoomRole.parse("catalogue:editor")
NEW = {"name": "Nina Neu", "password1": PASSWORD, "password2": PASSWORD}


def invited(email="new@example.org", *, language="de", actor=None, **named):
    return invite(email, roles=[EDITOR], language=language, actor=actor, now=timezone.now(), **named)


def key_of(invitation):
    return urlsplit(invitations.link(invitation)).path.rstrip("/").rpartition("/")[2]


def path_of(invitation):
    return urlsplit(invitations.link(invitation)).path


def take(key):
    return accept_as_new(key, name="Nina", password=PASSWORD, now=timezone.now())


def test_the_mail_is_in_the_language_of_the_invited_and_holds_the_link(mailoutbox):
    administrator = somebody("site:administrator", name="Anna Amt")

    invitation = invited(language="it", actor=administrator, name="Nina")

    assert invitations.link(invitation).startswith("http://localhost:8000/it/invitation/")
    assert invitations.link(invitation) in mailoutbox[0].body
    assert "Anna Amt" in mailoutbox[0].body
    assert mailoutbox[0].to == ["new@example.org"]


def test_an_invited_person_makes_an_account_and_works(mailoutbox):
    administrator = somebody("site:administrator")
    client = PageClient()
    path = path_of(invited(actor=administrator))

    assert client.get(path).status_code == 200
    assert Invitation.objects.get().accepted_at is None, "looking does not use the link up"
    answer = client.post(path, NEW)

    person = Person.objects.get(email="new@example.org")
    with override("de"):
        assert answer.url == reverse("accounts:me")
        assert client.get(reverse("accounts:me")).context["user"] == person
    assert (person.name, person.language, roles_of(person)) == ("Nina Neu", "de", {EDITOR})
    assert person.check_password(PASSWORD)
    assert EmailAddress.objects.get(user=person).verified
    assert PageClient().get(path).status_code == 409, "the link works once"


def test_a_link_works_once():
    key = key_of(invited())
    take(key)

    with pytest.raises(InvitationClosed, match="accepted"):
        take(key)
    with pytest.raises(InvitationClosed, match="accepted"):
        find(key, now=timezone.now())


def test_a_link_expires():
    invitation = invited()
    later = timezone.now() + timedelta(days=14, seconds=1)

    with pytest.raises(InvitationClosed, match="expired"):
        accept_as_new(key_of(invitation), name="", password=PASSWORD, now=later)
    assert not Person.objects.filter(email="new@example.org").exists()
    assert find(key_of(invitation), now=later - timedelta(seconds=2)) == invitation


def test_a_withdrawn_link_is_worthless():
    invitation = invited()
    withdraw(invitation, actor=None, now=timezone.now())

    with pytest.raises(InvitationClosed, match="withdrawn"):
        take(key_of(invitation))
    with pytest.raises(InvitationClosed, match="withdrawn"):
        send_again(invitation, actor=None, now=timezone.now())
    with pytest.raises(InvitationClosed, match="withdrawn"):
        withdraw(invitation, actor=None, now=timezone.now())


def test_sending_again_makes_the_former_link_worthless(mailoutbox):
    invitation = invited()
    former = key_of(invitation)
    send_again(invitation, actor=None, now=timezone.now() + timedelta(days=20))
    invitation.refresh_from_db()

    with pytest.raises(InvitationUnknown):
        find(former, now=timezone.now())
    assert find(key_of(invitation), now=timezone.now() + timedelta(days=33)) == invitation
    assert invitations.link(invitation) in mailoutbox[1].body


@pytest.mark.parametrize("key", ["", "x", "x:y", "eyJpZCI6IDF9:AAAA", "ü"])
def test_a_forged_link_is_of_no_invitation(key):
    with pytest.raises(InvitationUnknown):
        find(key, now=timezone.now())


def test_a_changed_link_is_of_no_invitation():
    key = key_of(invited())

    with pytest.raises(InvitationUnknown):
        find(("A" if key[0] != "A" else "B") + key[1:], now=timezone.now())
    assert PageClient().get(f"/de/invitation/{key[:-1]}/").status_code == 404


def test_who_has_an_account_accepts_with_it_and_keeps_their_roles():
    person = somebody("exchange:reader", email="known@example.org")
    path = path_of(invited("Known@example.org"))

    anonymous = PageClient().get(path)
    assert "sign-in/?next=" in anonymous.content.decode()
    client = client_of(person)
    assert client.get(path).status_code == 200
    client.post(path)

    assert roles_of(Person.objects.get(pk=person.pk)) == {EDITOR, RoomRole.parse("exchange:reader")}
    assert Person.objects.count() == 1


def test_nobody_accepts_what_is_for_somebody_else():
    other = somebody()
    known = somebody(email="known@example.org")
    to_new, to_known = invited("new@example.org"), invited(known.email)

    for invitation in (to_new, to_known):
        client = client_of(other)
        assert "invitation_elsewhere" in client.get(path_of(invitation)).templates[0].name
        client.post(path_of(invitation), NEW)
        with pytest.raises(WrongAccount):
            accept(key_of(invitation), other, now=timezone.now())
    with pytest.raises(WrongAccount):
        take(key_of(to_known))
    assert not Invitation.objects.exclude(accepted_at=None).exists()


def test_an_unverified_sign_up_with_the_address_is_taken_over_with_a_new_password():
    squatter = Person.objects.create_user("new@example.org", "the squatter's own password", name="Squatter")
    EmailAddress.objects.create(user=squatter, email="new@example.org", primary=True, verified=False)

    person = take(key_of(invited()))

    assert person.pk == squatter.pk
    assert not person.check_password("the squatter's own password")
    assert (person.name, EmailAddress.objects.get().verified) == ("Nina", True)


def test_two_open_invitations_to_one_address_are_refused():
    invited()

    with pytest.raises(AlreadyInvited, match=r"new@example\.org"):
        invited("NEW@example.org ")


def test_an_expired_invitation_does_not_stand_in_the_way():
    invitation = invited()
    Invitation.objects.update(expires_at=timezone.now())

    assert invited().pk != invitation.pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "new@example.org", "password2": "new@example.org"}, "password1"),
        ({"password2": "another long password"}, "password2"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_said_and_the_invitation_stays_open(changes, field):
    answer = PageClient().post(path_of(invited()), {**NEW, **changes})

    assert list(answer.context["form"].errors) == [field]
    assert Invitation.objects.get().accepted_at is None


def test_an_invitation_whose_mail_failed_is_kept(settings):
    settings.EMAIL_BACKEND = "tests.accounts.dead_mail.Backend"

    with pytest.raises(MailNotSent):
        invited()
    assert Invitation.objects.get().sent_at is None


def test_the_administrators_page(mailoutbox):
    client = client_of(somebody("site:administrator"), confirmed=True)
    form = {
        "email": "new@example.org",
        "language": "de",
        "roles_catalogue": ["catalogue:reader", "catalogue:editor"],
    }
    with override("en"):
        assert client.post(reverse("accounts:invite"), form).url == reverse("accounts:invitations")
        again = client.post(reverse("accounts:invite"), form)
        wrong = client.post(reverse("accounts:invite"), {**form, "roles_catalogue": ["site:administrator"]})
        shown = client.get(reverse("accounts:invitations"))
    invitation = Invitation.objects.get()

    assert invitation.roles == ["catalogue:editor", "catalogue:reader"]
    assert list(again.context["form"].errors) == ["email"]
    assert list(wrong.context["form"].errors) == ["roles_catalogue"]
    assert shown.context["rows"][0]["state"] == "open"
    with override("en"):
        client.post(reverse("accounts:send_again", args=[invitation.pk]))
        client.post(reverse("accounts:withdraw", args=[invitation.pk]))
        refused = client.post(reverse("accounts:withdraw", args=[invitation.pk]))
    assert len(mailoutbox) == 2
    assert refused.status_code == 409


def test_everything_is_in_the_audit_trail_without_addresses():
    administrator = somebody("site:administrator")
    before = AuditEntry.objects.count()
    invitation = invited(actor=administrator)
    send_again(invitation, actor=administrator, now=timezone.now())
    invitation.refresh_from_db()
    person = take(key_of(invitation))

    entries = list(
        AuditEntry.objects.order_by("id")[before:].values_list("action", "actor", "subject", "detail")
    )
    assert entries == [
        ("accounts.invitation.create", administrator.pk, invitation.uri, {"roles": ["catalogue:editor"]}),
        ("accounts.invitation.send-again", administrator.pk, invitation.uri, {}),
        ("accounts.invitation.accept", person.pk, invitation.uri, {}),
        ("accounts.role.grant", administrator.pk, person.uri, {"role": "catalogue:editor"}),
    ]
