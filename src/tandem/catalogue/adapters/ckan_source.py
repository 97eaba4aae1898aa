"""Read the catalogue of a CKAN portal by its Action API."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from tandem.core.errors import InvalidInput, TandemError, Unavailable
from tandem.core.findings import Finding, Severity
from tandem.core.text import say
from tandem.kit.fetch import BadStatus, Fetcher, NoAnswer, TooSlow

ROWS = 200
MOST_PAGES = 5_000
MOST_LOST = 20  # packages that make their page fail, before the whole is given up
RETRIES = 3
PAUSE_SECONDS = 1.0
MOST_NAMES_PAGES = 100
_PASSING = {408, 425, 429, 500, 502, 503, 504}
_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?")


class NotCkan(InvalidInput):
    """What answers is no CKAN."""

    code = "catalogue.not-ckan"

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(
            say(
                "{url} does not answer as CKAN does: {problem}. Is it the portal's address?",
                url=url,
                problem=problem,
            )
        )


class CkanRefused(Unavailable):
    """CKAN answers with an error of its own."""

    code = "catalogue.ckan-refused"

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(say("{url} was refused by CKAN: {problem}.", url=url, problem=problem))


class EndlessCkan(InvalidInput):
    """The portal says again and again that there is more, and brings nothing new."""

    code = "catalogue.endless-ckan"

    def __init__(self, url: str) -> None:
        super().__init__(say("{url} goes on for ever and brings nothing new; reading was given up.", url=url))


@dataclass(frozen=True, slots=True)
class PackagePage:
    """Some packages.

    Attributes:
        total: How many there are in all, as the portal says.
    """

    packages: list[dict[str, Any]]
    total: int
    findings: list[Finding] = field(default_factory=list)


def base_of(url: str) -> str:
    """Return the portal's own address for any address of it.

    >>> base_of("https://a.example/ckan/api/3/action/package_search?q=x")
    'https://a.example/ckan'
    """
    parts = urlsplit(url)
    path = re.sub(r"/(api|dataset|organization|group)(/.*)?$", "", parts.path).rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def answers_as_ckan(fetcher: Fetcher, url: str) -> bool | None:
    """Return whether a CKAN is at an address; None where nobody answers, so that it cannot be told today."""
    limited = replace(fetcher, max_bytes=1_000_000, seconds=min(30.0, fetcher.seconds))
    try:
        return isinstance(CkanSource(limited, url, retries=0).ask("status_show"), Mapping)
    except BadStatus as error:
        return None if error.status in _PASSING else False
    except (NoAnswer, TooSlow):
        return None
    except TandemError:
        return False


class CkanSource:
    """A CKAN portal.

    Attributes:
        base: Its address.
        complete: False once something could not be read.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        url: str,
        *,
        rows: int = ROWS,
        retries: int = RETRIES,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self.base, self.complete = base_of(url), True
        self._fetcher, self._rows, self._retries, self._pause = fetcher, rows, retries, pause
        self._lost = 0

    def ask(self, action: str, **asked: str | int) -> Any:
        """Return what an action of the API answers; asks again where a failure may pass.

        Raises:
            NotCkan: What comes is no answer of CKAN.
            CkanRefused: CKAN says no.
            Unavailable: Nobody answers, in the end.
        """
        query = urlencode({name: value for name, value in asked.items() if value != ""})
        url = f"{self.base}/api/3/action/{action}{'?' if query else ''}{query}"
        for attempt in range(self._retries + 1):
            try:
                return self._once(url)
            except (BadStatus, NoAnswer, TooSlow) as error:
                passing = not isinstance(error, BadStatus) or error.status in _PASSING
                if attempt == self._retries or not passing:
                    raise
                self._pause(PAUSE_SECONDS * 2**attempt)
        raise AssertionError("the loop returns or raises")  # pragma: no cover

    def _once(self, url: str) -> Any:
        answer = self._fetcher.fetch(url, accept="application/json")
        try:
            said = json.loads(answer.content)
        except (ValueError, RecursionError) as error:
            kind = "a web page" if answer.content.lstrip()[:1] == b"<" else "no JSON"
            raise NotCkan(url, f"it sent {kind}") from error
        if not isinstance(said, Mapping) or "success" not in said:
            raise NotCkan(url, "its answer says neither success nor failure")
        if said["success"] is not True:
            problem = said.get("error")
            told = problem.get("message", problem) if isinstance(problem, Mapping) else problem
            raise CkanRefused(url, str(told)[:200])
        return said.get("result")

    # --- packages -------------------------------------------------------------------------------
    def pages(self, *, since: str = "") -> Iterator[PackagePage]:
        """Yield all packages in the order of their ids, or those changed since a time.

        A package that makes its page fail is told and left out, the others of its page are read.

        Args:
            since: As CKAN says it: ``2024-01-31T12:00:00``.

        Raises:
            EndlessCkan: The portal never comes to an end.
            TandemError: As ``ask``.
        """
        asked = {"fq": f"metadata_modified:[{since}Z TO *]" if since else ""}
        start, idle, met = 0, 0, set[str]()
        for _page in range(MOST_PAGES):
            page = self._page(start, self._rows, asked)
            ids = {str(each.get("id")) for each in page.packages}
            idle = 0 if ids - met else idle + 1
            if idle > 3:
                raise EndlessCkan(self.base)
            met |= ids
            start += len(page.packages) + len(page.findings)
            yield page
            if start >= page.total:
                return
            if not page.packages and not page.findings:
                self.complete = False
                return
        raise EndlessCkan(self.base)

    def _page(self, start: int, rows: int, asked: Mapping[str, str]) -> PackagePage:
        try:
            found = self.ask("package_search", sort="id asc", start=start, rows=rows, **asked)
        except (BadStatus, CkanRefused) as error:
            if start == 0 and rows == self._rows and not self._answers(asked):
                raise
            if isinstance(error, BadStatus) and error.status not in _PASSING:
                raise
            return self._halves(start, rows, asked, error)
        return _as_page(self.base, found)

    def _answers(self, asked: Mapping[str, str]) -> bool:
        """Return whether the search works at all: without rows nothing can break it but itself."""
        try:
            return isinstance(self.ask("package_search", rows=0, **asked), Mapping)
        except TandemError:
            return False

    def _halves(self, start: int, rows: int, asked: Mapping[str, str], error: TandemError) -> PackagePage:
        if rows > 1:
            first = self._page(start, rows // 2, asked)
            got = len(first.packages) + len(first.findings)
            if start + got >= first.total or got < rows // 2:
                return first
            rest = self._page(start + got, rows - rows // 2, asked)
            return PackagePage(
                first.packages + rest.packages, max(first.total, rest.total), first.findings + rest.findings
            )
        self.complete, self._lost = False, self._lost + 1
        if self._lost > MOST_LOST:
            raise error
        message = say(
            "The dataset at place {place} could not be read: {problem}",
            place=start + 1,
            problem=error.sentence,
        )
        return PackagePage([], 0, [Finding(Severity.ERROR, error.code, self.base, message)])

    def names(self) -> set[str]:
        """Return the names of all packages that are there now."""
        found: set[str] = set()
        for page in range(MOST_NAMES_PAGES):
            some = self.ask("package_list", limit=10_000, offset=page * 10_000)
            if not isinstance(some, list):
                raise NotCkan(self.base, "its list of packages is none")
            before = len(found)
            found.update(str(each) for each in some)
            if len(some) < 10_000 or len(found) == before:
                return found
        raise EndlessCkan(self.base)


def _as_page(base: str, found: Any) -> PackagePage:
    packages = found.get("results") if isinstance(found, Mapping) else None
    total = found.get("count") if isinstance(found, Mapping) else None
    if not isinstance(packages, list) or not isinstance(total, int):
        raise NotCkan(base, "its search has neither results nor a count")
    return PackagePage([each if isinstance(each, dict) else {} for each in packages], total)


def modified_of(package: Mapping[str, Any]) -> str:
    """Return when a package was changed, as CKAN says it; empty where it does not."""
    said = _TIME.match(str(package.get("metadata_modified") or ""))
    return said[0] if said else ""
