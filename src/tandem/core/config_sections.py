"""The sections of ``tandem.toml``, each with its settings and what they are without being set."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """Colours and logo.

    Attributes:
        accent: The city's colour, ``#rrggbb``; its contrast is checked when the server starts.
        logo: A file in the installation's folder (SVG or PNG), or empty for the city's name alone.
    """

    accent: str = "#1f5a8c"
    logo: str = ""


@dataclass(frozen=True, slots=True)
class Map:
    """The map.

    Attributes:
        zoom: Zoom level at the start, 0 to 19.
        base_map: Address of raster tiles with {z}, {x} and {y}, or empty for a plain ground.
        attribution: Whom the tiles are from, as their licence asks.
    """

    zoom: int = 12
    base_map: str = ""
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Server:
    """Addresses, and how much the server takes on.

    Attributes:
        url: The portal's public address, without a slash at the end.
        host: Address that the server listens on.
        port: Port that it listens on.
        threads: Requests worked on at the same time.
        workers: Web processes; more than one wants PostgreSQL.
        hosts: Further host names that the portal answers to.
        behind_proxy: True where a reverse proxy sets X-Forwarded-Proto.
        upload_mb: Largest upload, in MB (10**6 bytes).
        log: ``json`` or ``plain``.
    """

    url: str = "http://localhost:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    threads: int = 8
    workers: int = 1
    hosts: tuple[str, ...] = ()
    behind_proxy: bool = False
    upload_mb: int = 2_000
    log: str = "plain"


@dataclass(frozen=True, slots=True)
class Database:
    """The database.

    Attributes:
        url: ``postgres://user:password@host/name``; empty for SQLite in the folder. ``DATABASE_URL`` wins.
    """

    url: str = ""


@dataclass(frozen=True, slots=True)
class Storage:
    """Where originals are kept.

    Attributes:
        bucket: Name of an S3-compatible bucket; empty for the folder ``files``. Credentials come
            from the environment (``AWS_ACCESS_KEY_ID`` …).
        endpoint: Address of the S3-compatible service.
    """

    bucket: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """Mail.

    Attributes:
        sender: Address that the portal writes from.
        host: SMTP server; empty writes mail to files in the folder ``mail``.
        port: Its port.
        user: Its user; the password comes from ``TANDEM_MAIL_PASSWORD``.
        password: Better in the environment than in the file.
        tls: ``starttls``, ``tls`` or ``none``.
    """

    sender: str = "portal@localhost"
    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    tls: str = "starttls"


@dataclass(frozen=True, slots=True)
class Accounts:
    """People.

    Attributes:
        sign_up: True where anybody may make an account.
        staff_second_factor: True where staff must sign in with a second factor.
    """

    sign_up: bool = True
    staff_second_factor: bool = True


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Open data.

    Attributes:
        profile: National profile of DCAT-AP: ``eu``, ``de`` or ``it``.
        publisher: The publisher's name, where it is not the city's.
        contact_mail: Contact point for datasets that name none.
        contributor_id: IRI of who delivers the data to GovData (``de``); empty where the state's portal does.
        four_eyes: Whether another person must publish than the one who gave the description to review.
        harvest_mb: Largest answer taken from a partner, in MB.
        harvest_minutes: Longest time for one answer from a partner, in minutes.
        harvest_hours: Hours between two harvests of each partner; 0 for only by hand.
    """

    profile: str = "eu"
    publisher: str = ""
    contact_mail: str = ""
    contributor_id: str = ""
    four_eyes: bool = False
    harvest_mb: int = 500
    harvest_minutes: int = 10
    harvest_hours: int = 24


@dataclass(frozen=True, slots=True)
class Legal:
    r"""Who answers for the portal; shown in imprint, privacy and accessibility.

    Attributes:
        body: The public body, with its legal form.
        address: Postal address; lines separated by ``\n``.
        representative: Who represents it.
        mail: Contact.
        phone: Contact.
        data_protection_mail: The data-protection officer.
        accessibility_mail: Where barriers are reported.
        enforcement: Name and address of the accessibility enforcement body.
        accessibility_status: How far the portal conforms to EN 301 549, as last assessed: ``full``, ``partial``,
            ``none``, or empty where nobody has assessed it.
        accessibility_assessed: When and by whom, such as ``2026-10-01, self-assessment``.
        example: True marks every page as an example that speaks for no real city.
    """

    body: str = ""
    address: str = ""
    representative: str = ""
    mail: str = ""
    phone: str = ""
    data_protection_mail: str = ""
    accessibility_mail: str = ""
    enforcement: str = ""
    accessibility_status: str = ""
    accessibility_assessed: str = ""
    example: bool = False
