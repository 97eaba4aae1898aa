"""The city's colours are readable whatever the accent is."""

import dataclasses
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tandem.core.config_sections import Look
from tandem.core.findings import Severity
from tandem.kit import colour
from tandem.kit.colour import DARK_GROUNDS, LIGHT_GROUNDS, check_accent, contrast, shades
from tandem.kit.theme import theme_css

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_the_standard():
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # a known near miss of 4.5
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert contrast("#ff0000", "#00ff00") == contrast("#00ff00", "#ff0000")


@given(COLOURS)
def test_oklch_there_and_back_is_the_same_colour(text):
    assert colour.from_oklch(*colour.to_oklch(text)) == text


def test_oklch_of_red_is_that_of_the_source():
    lightness, chroma, hue = colour.to_oklch("#ff0000")

    assert (round(lightness, 3), round(chroma, 3), round(hue, 3)) == (0.628, 0.258, 0.51)


@given(COLOURS, st.booleans())
def test_every_accent_gives_readable_shades(accent, dark):
    found = shades(accent, dark=dark)

    for ground in DARK_GROUNDS if dark else LIGHT_GROUNDS:
        assert contrast(found.text, ground) >= 4.5
        assert contrast(found.accent, ground) >= 3
    assert contrast(found.text, found.soft) >= 4.5
    assert contrast(found.on_accent, found.accent) >= 4.5
    assert contrast(found.on_accent, found.hover) >= 4.5


def test_readable_accent_is_used_as_it_is():
    assert shades("#1f5a8c").accent == shades("#1f5a8c").text == "#1f5a8c"
    assert check_accent("#1f5a8c") == []


def test_weak_accent_is_found_and_what_is_shown_instead_is_said():
    (finding,) = check_accent("#ffcc00")

    assert (finding.severity, finding.code, finding.path) == (
        Severity.WARNING,
        "kit.weak-accent",
        "look.accent",
    )
    assert shades("#ffcc00").text in finding.message


@pytest.mark.parametrize("accent", ["blue", "#12345", "#12345g", "", "#1f5a8c;}body{display:none"])
def test_what_is_no_colour_is_an_error_and_never_reaches_the_style_sheet(accent):
    (finding,) = check_accent(accent)

    assert (finding.severity, finding.code) == (Severity.ERROR, "kit.bad-colour")
    assert theme_css(accent) == theme_css("#1f5a8c")


def test_grounds_are_those_of_the_style_sheet(css):
    for number, grounds in enumerate((LIGHT_GROUNDS, DARK_GROUNDS)):
        block = css.split(":root {")[number + 1 + number]
        shown = [block.split(f"{name}: ")[1].split(";")[0] for name in ("--ground", "--raised", "--field")]
        assert [text.replace("#fff", "#ffffff") if len(text) == 4 else text for text in shown] == list(
            grounds
        )


@pytest.fixture
def css() -> str:
    return Path(finders.find("kit/tandem.css")).read_text("utf-8")


@pytest.mark.parametrize("dark", [False, True])
def test_tokens_of_the_style_sheet_are_readable(css, dark):
    tokens = _tokens(css, dark=dark)

    for ground in ("ground", "raised", "field"):
        for text in ("ink", "muted", "good", "warn", "bad", "info", "accent-text"):
            assert contrast(tokens[text], tokens[ground]) >= 4.5, (text, ground)
        for shape in ("edge", "accent", "focus"):
            assert contrast(tokens[shape], tokens[ground]) >= 3, (shape, ground)
    for tone in ("good", "warn", "bad", "info"):
        assert contrast(tokens[tone], tokens[f"{tone}-soft"]) >= 4.5, tone
        assert contrast(tokens["ink"], tokens[f"{tone}-soft"]) >= 4.5, tone
        assert contrast(tokens["focus"], tokens[f"{tone}-soft"]) >= 3, tone
    assert contrast(tokens["muted"], tokens["line"]) >= 4.5  # a button that is switched off


def _tokens(css: str, *, dark: bool) -> dict[str, str]:
    light_block = css.split(":root {")[1].split("}")[0]
    dark_block = css.split("@media (prefers-color-scheme: dark) {\n  :root {")[1].split("}")[0]
    found = {}
    for block in (light_block, dark_block) if dark else (light_block,):
        for part in block.split(";"):
            name, _, value = part.strip().partition(": ")
            if name.startswith("--") and value.startswith("#"):
                found[name[2:]] = (
                    value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])
                )
    return found


def test_style_sheet_is_small(css):
    assert len(css.encode()) < 40_000


def test_style_sheet_loads_nothing(css):
    assert "url(" not in css
    assert "@import" not in css


@pytest.mark.urls("tests.kit.look_urls")
class TestViews:
    def test_theme_is_kept_by_the_browser_and_asked_again_by_its_tag(self):
        first = Client().get("/theme.css")

        assert first.headers["Content-Type"] == "text/css; charset=utf-8"
        assert "max-age=3600" in first.headers["Cache-Control"]
        assert first.content.decode() == theme_css(settings.TANDEM.look.accent)
        again = Client().get("/theme.css", headers={"if-none-match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_city_without_logo_has_none(self):
        assert Client().get("/logo").status_code == 404

    @pytest.mark.parametrize("name", ["../outside.svg", "logo.html", "missing.svg"])
    def test_logo_outside_the_installation_or_no_picture_is_not_given(self, name, tmp_path, settings):
        home = tmp_path / "home"
        home.mkdir()
        (tmp_path / "outside.svg").write_text("<svg/>", "utf-8")
        (home / "logo.html").write_text("<script>", "utf-8")
        settings.TANDEM = dataclasses.replace(settings.TANDEM, home=home, look=Look(logo=name))

        assert Client().get("/logo").status_code == 404

    def test_logo_is_given_with_a_tag(self, tmp_path, settings):
        (tmp_path / "logo.svg").write_text("<svg/>", "utf-8")
        settings.TANDEM = dataclasses.replace(settings.TANDEM, home=tmp_path, look=Look(logo="logo.svg"))

        first = Client().get("/logo")
        assert (first.headers["Content-Type"], b"".join(first.streaming_content)) == (
            "image/svg+xml",
            b"<svg/>",
        )
        assert Client().get("/logo", headers={"if-none-match": first.headers["ETag"]}).status_code == 304
