"""Our manners for allauth's second factors: secrets encrypted at rest, a QR code that our pages can show."""

import base64
import hashlib
from typing import Any, ClassVar

import qrcode  # type: ignore[import-untyped]
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tandem.accounts.adapters.allauth import AccountAdapter
from tandem.accounts.models import RoleGrant
from tandem.kit.installation import config

_QUIET_ZONE = 4  # modules of white around the code, as ISO/IEC 18004 asks


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks about second factors."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "rate_limited": AccountAdapter.error_messages["rate_limited"],
        "cannot_delete_authenticator": _(
            "You work for the city here, so your account needs its second factor. To move to another phone, "
            "ask an administrator to reset it."
        ),
    }

    def encrypt(self, text: str) -> str:
        """Return a secret as it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret that was stored."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether the second factor may be given up: not by staff, where the city asks for it."""
        needed = config().accounts.staff_second_factor
        return not (needed and RoleGrant.objects.filter(person=authenticator.user_id).exists())

    def build_totp_svg(self, url: str) -> SafeString:
        """Return a QR code as SVG that stands in a page: with a name, without style."""
        code = qrcode.QRCode(border=0)
        code.add_data(url)
        code.make()
        rows = code.get_matrix()
        size = len(rows) + 2 * _QUIET_ZONE
        path = "".join(
            f"M{x + _QUIET_ZONE} {y + _QUIET_ZONE}h1v1h-1z"
            for y, row in enumerate(rows)
            for x, dark in enumerate(row)
            if dark
        )
        return format_html(
            '<svg class="qr" role="img" aria-label="{label}" width="232" height="232" '
            'viewBox="0 0 {size} {size}" '
            'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
            '<path fill="#000" d="{path}"/></svg>',
            label=gettext("QR code for your authenticator app"),
            size=size,
            path=path,
        )


def _cipher() -> MultiFernet:
    """Return the cipher of the installation's key; former keys still decrypt."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(str(secret))) for secret in secrets])


def _key(secret: str) -> bytes:
    return base64.urlsafe_b64encode(
        hashlib.blake2b(secret.encode(), digest_size=32, person=b"tandem.totp").digest()
    )
