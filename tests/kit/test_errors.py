"""What people and programs are shown when something is wrong."""

import pytest
from django.test import Client
from django.utils.translation import gettext_lazy as _

from tandem.kit.errors import register_error_texts
from tests.pages import PageClient

pytestmark = pytest.mark.urls("tests.kit.look_urls")
STATUS = {
    "invalid": 400,
    "not-allowed": 403,
    "not-found": 404,
    "too-late": 409,
    "unavailable": 503,
    "other": 500,
    "denied": 403,
    "suspicious": 400,
}


@pytest.mark.parametrize(("kind", "status"), STATUS.items())
@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_an_error_is_a_whole_page(kind, status, language):
    response = PageClient().get(f"/{language}/fail/{kind}")

    assert response.status_code == status
    assert f'href="/{language}/"' in response.content.decode()


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("invalid", 400, "invalid-input"),
        ("not-allowed", 403, "not-allowed"),
        ("not-found", 404, "not-found"),
        ("unavailable", 503, "unavailable"),
        ("denied", 403, "not-allowed"),
        ("suspicious", 400, "bad-request"),
        ("crash", 500, "error"),
    ],
)
def test_an_error_of_the_api_has_one_json_shape(kind, status, code):
    response = Client(raise_request_exception=False).get(f"/api/fail/{kind}")

    assert response.status_code == status
    assert list(response.json()) == ["error"]
    assert (response.json()["error"]["code"], set(response.json()["error"])) == (code, {"code", "message"})


def test_json_error_carries_details_and_the_operators_words():
    response = Client().get("/en/fail/too-late", headers={"accept": "application/json"})

    assert response.status_code == 409
    assert response.json() == {
        "error": {
            "code": "kit.test-too-late",
            "message": "operator's words",
            "details": {"closed_at": "2026-03-01"},
        }
    }


@pytest.mark.parametrize("accept", ["text/html,application/json;q=0.9", "*/*", "text/html"])
def test_a_browser_gets_a_page(accept):
    response = Client().get("/en/fail/invalid", headers={"accept": accept})

    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


def test_page_shows_the_text_registered_for_the_code_and_not_the_operators():
    register_error_texts({"kit.test-too-late": _("Yes")})

    html = PageClient().get("/de/fail/too-late").content.decode()

    assert "<p>Ja</p>" in html
    assert "operator" not in html
    assert "<code>kit.test-too-late</code>" in html


def test_missing_page_of_the_api_is_json():
    response = Client().get("/api/nothing")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "not-found")


@pytest.mark.parametrize("language", ["de", "it", "en"])
def test_a_crash_is_a_whole_page_without_the_database(language):
    client = PageClient(raise_request_exception=False)
    client.cookies["hamm_session"] = "a-session-that-would-need-the-database"

    response = client.get(f"/{language}/fail/crash")

    assert response.status_code == 500
    assert "no such table" not in response.content.decode()


def test_a_crash_of_the_page_itself_still_answers(monkeypatch):
    def broken(*_arguments, **_named):
        raise RuntimeError

    monkeypatch.setattr("tandem.kit.views.render_to_string", broken)

    response = Client(raise_request_exception=False).get("/it/fail/crash")

    assert response.status_code == 500
    assert response.content.startswith(b'<!doctype html><html lang="it">')


def test_refused_form_gives_back_what_was_typed_but_no_secret():
    client = PageClient(enforce_csrf_checks=True)
    typed = {
        "text": "Mehr Bänke <am> Kanal",
        "password": "geheim123",
        "csrfmiddlewaretoken": "x",
        "empty": " ",
    }

    response = client.post("/de/form", typed)
    html = response.content.decode()

    assert response.status_code == 403
    assert "Mehr Bänke &lt;am&gt; Kanal</textarea>" in html
    assert "geheim123" not in html
    assert html.count("<textarea") == 1


def test_refused_form_of_the_api_is_json():
    response = Client(enforce_csrf_checks=True).post("/api/form", {"text": "x"})

    assert (response.status_code, response.json()["error"]["code"]) == (403, "csrf")
