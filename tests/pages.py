"""Fixtures for tests that fetch pages: a client that checks each page it is given."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.verification.page_check import check_page


class PageClient(Client):
    """Django's test client, which puts every whole HTML page that it receives through the page check.

    Fragments (answers to htmx), downloads and redirects pass unchecked.
    """

    def request(self, **request: Any) -> Any:
        response = super().request(**request)
        if _is_page(response):
            check_page(response, language=_language(request.get("PATH_INFO", "")))
        return response


def _is_page(response: Any) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    if response.streaming or not is_html or 300 <= response.status_code < 400:
        return False
    is_fragment = (
        "HTTP_HX_REQUEST" in response.request and response.content.lstrip()[:9].lower() != b"<!doctype"
    )
    return not is_fragment and bool(response.content)


def _language(path: str) -> str | None:
    first = path.lstrip("/").partition("/")[0]
    return first if first in dict(settings.LANGUAGES) else None


@pytest.fixture
def page_client() -> PageClient:
    """Return a client that checks every page it fetches."""
    return PageClient()
