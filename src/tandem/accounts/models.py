"""People and what they may do."""

import secrets
import uuid
from typing import Any, ClassVar, NoReturn

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.accounts.domain.pseudonym import new_pseudonym
from tandem.accounts.domain.roles import RoomRole


def fresh_pseudonym() -> str:
    """Return a pseudonym that nobody has."""
    return new_pseudonym(secrets.choice)


def new_nonce() -> str:
    """Return a secret that makes one link of an invitation."""
    return secrets.token_urlsafe(16)


class PersonManager(BaseUserManager["Person"]):
    """Makes people."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        """Return a new person who signs in by e-mail address."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody with an account: a citizen or a member of staff.

    Attributes:
        pseudonym: What the audit trail calls the person, for ever; says nothing about them.
        erased_at: When everything that identifies the person was taken away.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("display name"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=2, default="en")
    pseudonym = models.CharField(max_length=20, unique=True, default=fresh_pseudonym, editable=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = PersonManager()

    def __str__(self) -> str:
        if self.erased_at:
            return gettext("Erased person %(pseudonym)s") % {"pseudonym": self.pseudonym}
        return self.name or self.email

    @property
    def uri(self) -> str:
        """What the person is called in the audit trail and in other rooms."""
        return self.id.urn


class RoleGrant(models.Model):
    """A role that a person has in a room."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    room = models.CharField(max_length=30)
    role = models.CharField(max_length=30)
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "room", "role"], name="accounts_role_once")]
        indexes = [models.Index(fields=["room", "role"], name="accounts_role_holders")]

    def __str__(self) -> str:
        return f"{self.room}:{self.role}"

    @property
    def room_role(self) -> RoomRole:
        """The role as a value."""
        return RoomRole.parse(str(self))


class Invitation(models.Model):
    """An invitation to an e-mail address, with the roles it brings.

    Attributes:
        roles: Texts of the form ``room:role``.
        nonce: Part of the signed link; a new one makes the links sent before worthless.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), db_index=True)
    name = models.CharField(_("name"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=2)
    roles = models.JSONField(default=list)
    nonce = models.CharField(max_length=30, default=new_nonce)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "id"]

    def __str__(self) -> str:
        return self.email

    @property
    def uri(self) -> str:
        """What the invitation is called in the audit trail."""
        return self.id.urn


class ApiToken(models.Model):
    """A secret by which a program acts for a person, with the person's roles.

    Attributes:
        hint: The first characters of the secret, to tell tokens apart.
        digest: SHA-256 of the secret, hexadecimal; the secret itself is kept nowhere.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def uri(self) -> str:
        """What the token is called in the audit trail."""
        return self.id.urn


class AppendOnly(TypeError):
    """Somebody tried to change or delete an entry of the audit trail."""

    def __init__(self) -> None:
        super().__init__("Entries of the audit trail are added, never changed or deleted.")


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Finds entries, and refuses to change or delete them."""

    def update(self, **_changes: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnly

    def bulk_update(self, *_arguments: Any, **_named: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly


class AuditEntry(models.Model):
    """What a member of staff did. Holds no name and no address of anybody; those are looked up.

    Attributes:
        actor: Who did it; None for the command line and for the portal itself.
        actor_label: The actor's pseudonym, or ``system``.
        action: ``room.thing.verb``: ``catalogue.dataset.publish``.
        subject: URI of what it was done to.
        detail: JSON values that help to understand it; no personal data.
    """

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="audit_entries", db_index=False
    )
    actor_label = models.CharField(max_length=30)
    action = models.CharField(max_length=100)
    subject = models.CharField(max_length=500, blank=True)
    detail = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="accounts_audit_at"),
            models.Index(fields=["actor", "-at"], name="accounts_audit_actor"),
            models.Index(fields=["action", "-at"], name="accounts_audit_action"),
            models.Index(fields=["subject", "-at"], name="accounts_audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_label} {self.action} {self.subject}"

    def save(self, *arguments: Any, **named: Any) -> None:
        """Add the entry.

        Raises:
            AppendOnly: It was added before.
        """
        if not self._state.adding:
            raise AppendOnly
        super().save(*arguments, **named)

    def delete(self, *_arguments: Any, **_named: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnly
