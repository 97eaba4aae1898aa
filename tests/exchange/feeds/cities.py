"""Two installations in one process: each with its own configuration, folder, key and rows; one is at hand at a time."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core import serializers
from django.test import Client
from django.utils.translation import get_language, override

from tandem.core.city import PartnerCity
from tandem.core.errors import Unavailable
from tandem.exchange.services import own_feed, trusting, visiting
from tandem.exchange.services.keys import fingerprint
from tests.catalogue.harvest_servers import Answer

NOW = datetime.now(UTC).replace(microsecond=0)
PORTS = {"hamm": 8000, "arezzo": 8001, "venlo": 8002}
Files = dict[str, bytes]
_at_hand: list["InstalledCity"] = []


class Gone(Unavailable):
    """There is no such file."""

    code = "tests.gone"


@dataclass
class InstalledCity:
    """A city's installation. Its rows are kept aside while another one is at hand."""

    id: str
    home: Path
    partners: tuple[str, ...] = ("hamm", "arezzo")
    rows: str = "[]"
    addresses: dict[str, str] = field(default_factory=dict)
    url: str = ""
    may_be_local: bool = True

    def __post_init__(self) -> None:
        self.url = f"http://localhost:{PORTS[self.id]}"

    @contextmanager
    def at_hand(self) -> Iterator["InstalledCity"]:
        """Let this installation be the one that the process serves; which one was before, is so again afterwards."""
        before = settings.TANDEM
        others = list(_at_hand)
        for other in others[-1:]:
            other._put_aside()
        _at_hand.append(self)
        settings.TANDEM = self._config()
        for row in serializers.deserialize("json", self.rows):
            row.save()
        try:
            yield self
        finally:
            self._put_aside()
            _at_hand.pop()
            settings.TANDEM = before
            for other in others[-1:]:
                for row in serializers.deserialize("json", other.rows):
                    row.save()

    def _put_aside(self) -> None:
        self.rows = serializers.serialize("json", [row for model in _models() for row in model.objects.all()])
        for model in reversed(_models()):
            model.objects.all().delete()

    def _config(self) -> Any:
        base = settings.TANDEM
        names = {"en": self.id.title()}
        partners = tuple(
            PartnerCity(
                each,
                {"en": each.title()},
                self.addresses.get(each, f"http://localhost:{PORTS[each]}"),
                "",
                may_be_local=self.may_be_local,
            )
            for each in self.partners
            if each != self.id
        )
        return replace(
            base,
            home=self.home,
            city=replace(base.city, id=self.id, names=names),
            server=replace(base.server, url=self.url),
            partners=partners,
        )

    def fetch(self, path: str, most_bytes: int) -> bytes:
        """Return a file of the feed, as this city's portal answers over HTTP."""
        return file_of(self.files(), path, most_bytes)

    def files(self) -> Files:
        """Return all files of the feed, as this city's portal answers over HTTP."""
        with self.at_hand(), override(get_language()):  # the portal answers in its own language
            client, found = Client(), {}
            for path in ("head.json", "head.jws", "pages/00000001.jsonl", "pages/00000002.jsonl"):
                answer = client.get(f"/feed/{path}")
                if answer.status_code == 200:
                    found[path] = answer.content
            return found


def _models() -> list[Any]:
    names = (
        "Measure",
        "MeasureVersion",
        "Evidence",
        "Receipt",
        "OwnEvent",
        "PartnerFeed",
        "PartnerEvent",
        "PartnerKey",
    )
    return [apps.get_model("exchange", name) for name in names]


def file_of(files: Mapping[str, bytes], path: str, most_bytes: int) -> bytes:
    """Return a file, as a web server would that stops a byte behind what is allowed."""
    if path not in files:
        raise Gone(path)
    return files[path][: most_bytes + 1]


def publish(now: datetime = NOW) -> None:
    """Publish the feed of the city at hand."""
    own_feed.publish(now)


def visit(city: InstalledCity, files: Files | None = None, *, now: datetime = NOW) -> visiting.Outcome:
    """Visit a city that is not at hand, from the one that is."""
    served = city.files() if files is None else files
    return visiting.visit(city.id, now=now, fetch=lambda path, most: file_of(served, path, most))


def pin(city: InstalledCity, now: datetime = NOW) -> None:
    """Compare a city's key, and pin it at the city at hand."""
    with city.at_hand():
        theirs = fingerprint()
    trusting.pin(city.id, theirs, how="call", person=None, now=now)


def site_of(files: Files) -> Callable[..., Answer]:
    """Return a site on loopback that serves a feed below ``/feed/``."""

    def site(path: str, _query: Any, _headers: Any) -> Answer:
        found = files.get(path.removeprefix("/feed/"))
        return Answer(b"", "text/plain", 404) if found is None else Answer(found, "application/json")

    return site
