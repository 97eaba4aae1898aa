"""The client checks what it is to check, and lets everything else pass."""

import pytest
from django.http import FileResponse, HttpResponse
from django.urls import path

from tests.pages import PageClient

FRAGMENT = "<p>Not a page</p>"
urlpatterns = [
    path("de/page/", lambda _request: HttpResponse(FRAGMENT)),
    path("de/text/", lambda _request: HttpResponse(FRAGMENT, content_type="text/plain")),
    path("de/moved/", lambda _request: HttpResponse(status=302, headers={"Location": "/de/text/"})),
    path("de/file/", lambda _request: FileResponse(iter([FRAGMENT.encode()]), content_type="text/html")),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def test_page_is_checked(page_client: PageClient):
    with pytest.raises(AssertionError, match=r"/de/page/ \(200\) does not pass the page check"):
        page_client.get("/de/page/")


def test_answer_to_htmx_may_be_a_fragment(page_client: PageClient):
    assert page_client.get("/de/page/", headers={"HX-Request": "true"}).content.decode() == FRAGMENT


@pytest.mark.parametrize("address", ["/de/text/", "/de/moved/", "/de/file/"])
def test_what_is_no_page_passes(page_client: PageClient, address: str):
    assert page_client.get(address).status_code in {200, 302}
