"""Whose keys count, and which IRIs are whose: the trust list, from the rows and the configuration."""

from tandem.exchange.domain.trust import Key, Standing, TrustList
from tandem.exchange.models import PartnerKey
from tandem.exchange.services import keys
from tandem.kit import installation


def trust_list() -> TrustList:
    """Return the keys that this city knows, its own included, and which IRIs are whose; takes one query.

    Raises:
        OverlappingPrefixes: The configuration gives the same addresses to two cities.
    """
    known = {row.fingerprint: _key(row) for row in PartnerKey.objects.all()}
    own = keys.own_standing()
    return TrustList({**known, **{key.fingerprint: key for key in own}}, prefixes())


def prefixes() -> dict[str, tuple[str, ...]]:
    """Return what the IRIs of each city's own things begin with: the address of its portal."""
    config = installation.config()
    addresses = {config.city.id: config.server.url, **{each.id: each.url for each in config.partners}}
    return {city: (f"{url.rstrip('/')}/",) for city, url in addresses.items()}


def _key(row: PartnerKey) -> Key:
    return Key(row.city, row.fingerprint, Standing(row.state), row.since, row.successor)
