"""The page check finds what it is there to find."""

import pytest

from tests.verification.page_check import CHECKS, Page, page_problems

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
GOOD = """<!doctype html>
<html lang="de">
<head><meta charset="utf-8"><title>Baumkataster – Hamm</title>
<link rel="stylesheet" href="/static/tandem.css"></head>
<body>
<a href="#main">Zum Inhalt</a>
<header><a href="/de/"><img src="/logo.svg" alt="Hamm"></a>
<nav aria-label="Orte"><ul><li><a href="/de/data/">Daten</a></li></ul></nav></header>
<main id="main" tabindex="-1"><h1>Baum&shy;kataster</h1>
<h2>Suche</h2>
<form method="post" action="/de/data/"><input type="hidden" name="csrfmiddlewaretoken" value="x">
<label for="q">Wort</label><input id="q" name="q"><button>Suchen</button></form>
<table><tr><th>Art</th></tr><tr><td>Linde</td></tr></table>
<svg viewBox="0 0 1 1" aria-hidden="true"><path d="M0 0"/></svg>
</main>
<footer><p>Stadt Hamm</p></footer>
<script src="/static/keep.js" defer></script>
</body>
</html>
"""
BREAKS = [
    ("</main>", "</div></main>", "end-tag-too-early"),
    ("<li><a href", "<li><li><a href", None),
    ("<p>Stadt Hamm</p>", "<li>Stadt Hamm</li>", "where HTML does not allow it"),
    ("<p>Stadt Hamm</p>", "<center>Stadt Hamm</center>", "is obsolete"),
    ("<footer>", '<footer id="main">', "'main' is used 2 times"),
    ('for="q"', 'for="other"', "refers to the id 'other'"),
    ('href="#main"', 'href="#content"', "leads to an id that is not in the page"),
    ('lang="de"', 'lang="it"', "yet the address is of the language 'de'"),
    (' lang="de"', "", "lang=''"),
    ("<h2>Suche</h2>", "<h1>Suche</h1>", "there must be one h1; there are 2"),
    ("<title>Baumkataster – Hamm", "<title>Hamm", "must be the h1 'Baumkataster'"),
    ("<h2>Suche</h2>", "<h3>Suche</h3>", "jumps from level 1 to 3"),
    ("<h2>Suche</h2>", "<h2> </h2>", "is an empty heading"),
    ("<main ", "<div ", "there must be one <main>; there are 0"),
    ("<footer>", "<footer></footer><footer>", "there must be one <footer> of the page; there are 2"),
    ("<footer>", '<nav aria-label="Orte"></nav><footer>', "several <nav> are called 'Orte'"),
    ('<label for="q">Wort</label>', "", "has no label"),
    ("<h2>Suche</h2>", "<h2>Suche</h2><fieldset></fieldset>", "has no legend"),
    ('name="csrfmiddlewaretoken"', 'name="other"', "without a CSRF token"),
    (">Daten<", "><", "has no text"),
    ('href="/de/data/"', 'href="#"', "leads nowhere"),
    ("<button>Suchen", "<button> ", "has no text"),
    ('tabindex="-1"', 'tabindex="3"', "changes the order of the Tab key"),
    (' alt="Hamm"', "", "has no alt"),
    (' aria-hidden="true"', "", "needs role=img and a name"),
    ("<th>Art</th>", "<td>Art</td>", "has no header cells"),
    ("</head>", "<style>a{}</style></head>", "no inline style sheet"),
    ("</body>", "<script>1</script></body>", "no inline script"),
    ("<p>", '<p style="color:red">', "no style= attribute"),
    ("<button>", '<button onclick="x()">', "no onclick= attribute"),
    ('href="/de/data/"', 'href="javascript:x()"', "no javascript: address"),
    ('href="/static/', 'href="https://cdn.example/', "is loaded from elsewhere"),
    ('src="/static/', 'src="//cdn.example/', "is loaded from elsewhere"),
]


def problems(html: str, policy: str = POLICY) -> list[str]:
    return page_problems(Page(html, {"Content-Security-Policy": policy}, "de"))


def test_good_page_has_no_problem():
    assert problems(GOOD) == []


def test_page_that_is_called_as_the_city_needs_no_separator():
    assert problems(GOOD.replace("<title>Baumkataster – Hamm", "<title>Baumkataster")) == []


def test_page_data_for_a_script_is_no_script():
    island = '<script type="application/json" id="map-data">{}</script></body>'
    assert problems(GOOD.replace("</body>", island)) == []


@pytest.mark.parametrize(("part", "broken", "sentence"), BREAKS, ids=lambda value: str(value)[:30])
def test_each_fault_is_named(part: str, broken: str, sentence: str | None):
    assert part in GOOD
    found = problems(GOOD.replace(part, broken, 1))

    if sentence is None:  # an <li> may end where the next begins
        assert [problem for problem in found if "invalid" in problem] == []
    else:
        assert [problem for problem in found if sentence in problem], found


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        ("", "there is no Content-Security-Policy"),
        (
            POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
            "allows script-src 'unsafe-inline'",
        ),
        (POLICY.replace("style-src 'self'; ", ""), "has no style-src"),
        (POLICY.replace("connect-src 'self'", "connect-src *"), "allows connect-src *"),
    ],
)
def test_weak_policy_is_named(policy: str, sentence: str):
    assert [problem for problem in problems(GOOD, policy) if sentence in problem]


def test_every_check_can_fail():
    """Each check is shown a page with nothing that it asks for, or full of what it forbids."""
    awful = Page(
        '<html lang="DE"><body><h3></h3><img src="//x.example"><a href="#gone" onclick=""></a><input>'
        '<p id="a"><p id="a">',
        {},
        "de",
    )
    assert [check.__name__ for check in CHECKS if not list(check(awful))] == []
