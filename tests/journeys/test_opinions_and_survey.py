"""An opinion map and a survey in a real browser: by the keys 1, 2 and 3, on a phone, and without scripts."""

import re

import pytest

from tests.browsers import barriers
from tests.journeys.installations import RunningCity
from tests.journeys.test_idea_to_answer import get_in, is_fine

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def phase_of(page, city: RunningCity, word: str) -> str:
    """Return the address of the first phase of the process whose title has a word in it."""
    page.goto(f"{city.url}/{city.language}/take-part/")
    page.locator("main a", has_text=word).first.click()
    return f"{re.match(r'.*/take-part/[^/]+/', page.url).group()}1/"


@pytest.mark.parametrize("java_script", [True, False], ids=["with scripts", "without scripts"])
def test_votes_are_counted_one_by_one(cities, visitor, java_script):
    city = cities["hamm"]
    page = visitor.new_page(width=360, java_script_enabled=java_script)
    phase = phase_of(page, city, "Meinungsbild")
    get_in(page, city, phase, f"vote{java_script}@example.org", way="", scripts=java_script)
    page.goto(phase)
    seen = [page.inner_text("blockquote.opinion")]
    for key, word in (("1", "zugestimmt"), ("2", "nicht zugestimmt"), ("3", "übersprungen")):
        if java_script:
            page.locator("blockquote.opinion").focus()
            page.keyboard.press(key)
        else:
            page.locator(".ways button").nth(int(key) - 1).click()
        page.locator(".progress-line", has_text=f"über {key} von").wait_for()
        assert word in page.inner_text(".progress-line")
        if page.locator("blockquote.opinion").count():
            seen.append(page.inner_text("blockquote.opinion"))
    assert len(set(seen)) == len(seen)  # nothing is asked twice
    if java_script:
        assert is_fine(page)
    page.goto(f"{phase}opinions/mine/")
    assert page.locator("ul.rows > li").count() == 3
    page.locator("ul.rows button").first.click()
    assert page.locator("ul.rows > li").count() == 3  # a vote changed is no further vote
    page.goto(f"{phase}opinions/results/")
    assert page.locator("figure.opinion-map circle").count() > 10


@pytest.mark.parametrize("java_script", [True, False], ids=["with scripts", "without scripts"])
def test_a_survey_follows_the_answers(cities, visitor, java_script):
    city = cities["hamm"]
    page = visitor.new_page(width=360, java_script_enabled=java_script)
    phase = phase_of(page, city, "Umfrage")
    page.goto(phase)
    page.locator("a[href$='/survey/']").first.click()
    asked = 0
    while "/review/" not in page.url:
        if java_script:
            assert barriers(page) == []
        choice = page.locator("main form input[type=radio], main form input[type=checkbox]").first
        if choice.count():
            choice.check()
        else:
            page.locator("main form textarea, main form input[type=text]").first.fill("5")
        page.click("button[value=next]")
        asked += 1
        assert asked < 20
    assert asked > 1
    page.locator("main form .buttons button.button").first.click()
    page.wait_for_url("**/survey/thanks/")
    page.goto(phase)
    page.locator("main").wait_for()
    assert page.locator("a.button[href$='/survey/']").count() == 0  # once is enough
