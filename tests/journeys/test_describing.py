"""Describing a dataset in Chromium: the check follows the typing, groups open by keyboard, nothing typed is lost."""

import pytest

from tests.browsers import Visitor, barriers
from tests.journeys.installations import RunningCity

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SLUG = {"hamm": "strassenbaeume", "arezzo": "rifiuti"}


def test_the_check_follows_the_form_and_every_group_opens_without_a_barrier(
    cities: dict[str, RunningCity], visitor: Visitor
) -> None:
    here = cities["hamm"]
    page = visitor.new_page()
    here.sign_in(page, "catalogue-publisher")
    page.goto(f"{here.url}/de/data/{SLUG['hamm']}/describe/")
    before = page.locator("#verdict .points").inner_text()

    page.fill("[name=keywords_de]", "")
    with page.expect_response("**/describe/check/"):
        page.press("[name=keywords_de]", "Tab")
    page.fill("[name=keywords_en]", "")
    page.fill("[name=keywords_it]", "")
    with page.expect_response("**/describe/check/"):
        page.press("[name=keywords_it]", "Tab")
    page.wait_for_function(
        "text => document.querySelector('#verdict .points').innerText !== text", arg=before
    )
    for number in range(page.locator("details.group").count()):
        page.locator("details.group > summary").nth(number).press("Enter")

    assert page.locator("details.group:not([open])").count() == 0
    assert barriers(page) == []
    page.reload()
    assert page.locator("#verdict .points").inner_text() == before  # nothing was saved


@pytest.mark.parametrize("java_script", [True, False])
def test_a_wrong_term_leaves_everything_as_it_was_typed(
    cities: dict[str, RunningCity], visitor: Visitor, java_script: bool
) -> None:
    here = cities["arezzo"]
    page = visitor.new_page(width=360, java_script_enabled=java_script)
    here.sign_in(page, "catalogue-publisher")
    page.goto(f"{here.url}/it/data/{SLUG['arezzo']}/describe/")

    page.fill("[name=titles_it]", "Rifiuti, nuovo titolo")
    page.click("#group-where > summary")
    page.locator("[name=places]").last.fill("Toscanna")
    page.click("button[name=then][value=stay]")
    # the page is left while the check of the last change is still being asked for
    visitor.complaints[:] = [
        each for each in visitor.complaints if not each.startswith(here.url + "/static/")
    ]

    assert "Toscana" in page.locator(".error-summary").inner_text()
    assert page.input_value("[name=titles_it]") == "Rifiuti, nuovo titolo"
    assert "Toscanna" in [each.input_value() for each in page.locator("[name=places]").all()]
    assert page.locator("#group-where").get_attribute("open") is not None
