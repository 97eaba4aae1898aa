"""What the law asks a portal to say of itself, and what of it is not configured yet. Pure."""

from tandem.core.config_sections import Legal
from tandem.core.findings import Finding, Severity
from tandem.core.text import say

NEEDED = {
    "body": "the imprint does not say who answers for the portal",
    "address": "the imprint has no postal address",
    "representative": "the imprint does not say who represents the body",
    "mail": "the imprint has no e-mail address",
    "phone": "the imprint has no telephone number",
    "data_protection_mail": "the privacy page names no data-protection officer",
    "accessibility_mail": "the accessibility statement says nobody to report barriers to by e-mail",
    "enforcement": "the accessibility statement names no enforcement body",
}


def missing(legal: Legal) -> list[Finding]:
    """Return a finding for each setting of ``[legal]`` that a public portal needs and that is empty.

    >>> [finding.path for finding in missing(Legal(body="Town"))][:2]
    ['legal.address', 'legal.representative']
    """
    return [
        Finding(
            Severity.WARNING,
            "site.legal.missing",
            f"legal.{name}",
            say("It is empty: {consequence}.", consequence=consequence),
        )
        for name, consequence in NEEDED.items()
        if not getattr(legal, name).strip()
    ]
