"""The page check: what every HTML page of the portal must be, whoever made it and in whatever language.

``page_problems`` reads one page and returns a sentence for each thing that is wrong; ``check_page`` fails a
test with them. The rules are those that a machine can decide: valid HTML (WHATWG parse errors), the structure
that screen readers rely on (WCAG 2.2: 1.1.1, 1.3.1, 2.4.1, 2.4.2, 2.4.4, 2.4.6, 3.1.1, 3.3.2, 4.1.2), and a
strict Content-Security-Policy with nothing in the page that it would block.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser

SVG = "{http://www.w3.org/2000/svg}"
SEPARATOR = " – "
LABELLED_KINDS = {"input", "select", "textarea", "meter", "progress", "output"}
UNLABELLED_INPUTS = {"hidden", "submit", "button", "reset", "image"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SECTIONING = {"main", "article", "section", "aside", "nav"}
LOADED = dict.fromkeys(("script", "img", "iframe", "source", "audio", "video", "embed"), "src")
LOADED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch", "preconnect"}
REFERENCES = ("for", "list", *(f"aria-{kind}" for kind in ("labelledby", "describedby", "controls", "owns")))
ALLOWED_PARENTS = {
    "li": {"ul", "ol", "menu"},
    "dt": {"dl", "div"},
    "dd": {"dl", "div"},
    "tr": {"thead", "tbody", "tfoot", "table"},
    "legend": {"fieldset"},
    "figcaption": {"figure"},
    "summary": {"details"},
}
ADDRESSES = {"href", "src", "action", "formaction"}
DATA_TYPES = {"application/json", "application/ld+json", "application/geo+json"}
OBSOLETE = {"center", "font", "marquee", "blink", "big", "strike", "tt", "frame", "frameset"}
SELF_ONLY = {"'self'", "'none'"}
RESTRICTED = (
    *("default-src", "script-src", "style-src", "font-src", "connect-src"),
    *("form-action", "frame-ancestors", "base-uri"),
)


@dataclass(frozen=True)
class Page:
    """One parsed page.

    Attributes:
        html: The page as it was sent.
        headers: Its HTTP headers.
        language: Code that it must be written in; None where the address does not say.
        host: Host that it came from, so that its own absolute addresses are known.
    """

    html: str
    headers: Mapping[str, str]
    language: str | None = None
    host: str = "testserver"

    @cached_property
    def _parser(self) -> HTMLParser:
        parser = HTMLParser(namespace_html_elements=False)
        parser.root = parser.parse(self.html)
        return parser

    @property
    def root(self) -> Element:
        return self._parser.root

    @property
    def parse_errors(self) -> list[Any]:
        return self._parser.errors

    @cached_property
    def elements(self) -> list[Element]:
        return [element for element in self.root.iter() if isinstance(element.tag, str)]

    @cached_property
    def parents(self) -> dict[Element, Element]:
        return {child: parent for parent in self.elements for child in parent}

    @cached_property
    def by_id(self) -> dict[str, Element]:
        return {element.attrib["id"]: element for element in self.elements if "id" in element.attrib}

    def all(self, *tags: str) -> list[Element]:
        return [element for element in self.elements if element.tag in tags]

    def ancestors(self, element: Element) -> Iterator[Element]:
        while element in self.parents:
            element = self.parents[element]
            yield element

    def is_within(self, element: Element, tags: set[str]) -> bool:
        return any(ancestor.tag in tags for ancestor in self.ancestors(element))

    def name(self, element: Element) -> str:
        """Return the name that a screen reader would read for an element."""
        if referred := element.get("aria-labelledby"):
            return squeezed(
                " ".join(text_of(self.by_id[id_]) for id_ in referred.split() if id_ in self.by_id)
            )
        return squeezed(element.get("aria-label") or text_of(element) or element.get("title") or "")


def text_of(element: Element) -> str:
    """Return an element's text, pictures read by their alternative text."""
    if element.tag in {"script", "style", "template"}:
        return ""
    parts = [element.get("alt", "") if element.tag == "img" else "", element.text or ""]
    for child in element:
        parts += [text_of(child) if isinstance(child.tag, str) else "", child.tail or ""]
    return "".join(parts)


def squeezed(text: str) -> str:
    """Return a text as it is read: without soft hyphens, runs of white space as one space."""
    return " ".join(text.replace("\xad", "").split())


def shown(element: Element) -> str:
    """Return an element's start tag, shortened, to be found again in the page."""
    attributes = "".join(f' {name}="{value[:40]}"' for name, value in element.attrib.items())
    return f"<{element.tag.removeprefix(SVG)}{attributes}>"


def valid_html(page: Page) -> Iterator[str]:
    for (line, column), code, details in page.parse_errors:
        near = page.html.splitlines()[line - 1].strip()[:120] if line <= page.html.count("\n") + 1 else ""
        yield f"invalid HTML at line {line}, column {column}: {code} {details or ''} near: {near}"
    for element in page.all(*ALLOWED_PARENTS):
        parent = page.parents[element]
        if parent.tag not in ALLOWED_PARENTS[element.tag]:
            yield f"{shown(element)} stands in {shown(parent)}, where HTML does not allow it"
    for element in page.all(*OBSOLETE):
        yield f"{shown(element)} is obsolete"


def ids_and_references(page: Page) -> Iterator[str]:
    counts = Counter(element.attrib["id"] for element in page.elements if "id" in element.attrib)
    yield from (f"the id {id_!r} is used {count} times" for id_, count in counts.items() if count > 1)
    for element in page.elements:
        for attribute in REFERENCES:
            for id_ in element.get(attribute, "").split():
                if id_ not in counts:
                    yield f"{shown(element)} refers to the id {id_!r}, which is not in the page"
        target = element.get("href", "") if element.tag == "a" else ""
        if target.startswith("#") and target not in {"#", "#top"} and target[1:] not in counts:
            yield f"{shown(element)} leads to an id that is not in the page"


def language_of_page(page: Page) -> Iterator[str]:
    lang = page.root.get("lang", "")
    if not re.fullmatch(r"[a-z]{2}", lang):
        yield f"<html> has lang={lang!r}; it must be the code of the page's language"
    elif page.language and lang != page.language:
        yield f"<html> has lang={lang!r}, yet the address is of the language {page.language!r}"
    for element in page.elements:
        if "lang" in element.attrib and not element.attrib["lang"].strip():
            yield f"{shown(element)} has an empty lang"


def title_and_heading(page: Page) -> Iterator[str]:
    titles = [squeezed(text_of(title)) for title in page.all("title")]
    headings = [squeezed(text_of(heading)) for heading in page.all("h1")]
    if len(headings) != 1:
        yield f"there must be one h1; there are {len(headings)}: {headings}"
    if len(titles) != 1 or not titles[0]:
        yield f"there must be one <title>; there are {titles}"
    elif headings and titles[0] != headings[0] and not titles[0].startswith(headings[0] + SEPARATOR):
        yield f"the <title> {titles[0]!r} must be the h1 {headings[0]!r}, and may go on after{SEPARATOR!r}"


def heading_levels(page: Page) -> Iterator[str]:
    before = 0
    for heading in page.all(*HEADINGS):
        level = int(heading.tag[1])
        if level > before + 1:
            yield f"{shown(heading)} {squeezed(text_of(heading))!r} jumps from level {before} to {level}"
        if not page.name(heading):
            yield f"{shown(heading)} is an empty heading"
        before = level


def is_embedded(page: Page) -> bool:
    """Return whether the page is made to be framed by pages elsewhere."""
    return any(body.get("class") == "embedded" for body in page.all("body"))


def landmarks(page: Page) -> Iterator[str]:
    if (count := len(page.all("main"))) != 1:
        yield f"there must be one <main>; there are {count}"
    if is_embedded(page):  # what a page elsewhere frames has nothing around it
        return
    for tag in ("header", "footer"):
        count = sum(not page.is_within(element, SECTIONING) for element in page.all(tag))
        if count != 1:
            yield f"there must be one <{tag}> of the page; there are {count}"
    navigations = [
        page.name(nav) if nav.get("aria-label") or nav.get("aria-labelledby") else ""
        for nav in page.all("nav")
    ]
    if not navigations:
        yield "there must be a <nav>"
    if len(navigations) > 1:
        yield from (
            f"several <nav> are called {name!r}"
            for name, n in Counter(navigations).items()
            if n > 1 or not name
        )


def form_controls(page: Page) -> Iterator[str]:
    labels = {label.get("for"): text_of(label) for label in page.all("label")}
    for control in page.all(*LABELLED_KINDS):
        if control.tag == "output" or (control.tag == "input" and control.get("type") in UNLABELLED_INPUTS):
            continue
        wrapped = any(a.tag == "label" and squeezed(text_of(a)) for a in page.ancestors(control))
        named = control.get("aria-label") or (control.get("aria-labelledby") and page.name(control))
        if not (wrapped or named or squeezed(labels.get(control.get("id")) or "")):
            yield f"{shown(control)} has no label"
    for fieldset in page.all("fieldset"):
        legend = next((child for child in fieldset if child.tag == "legend"), None)
        if legend is None or not squeezed(text_of(legend)):
            yield f"{shown(fieldset)} has no legend"
    for form in page.all("form"):
        names = {field.get("name") for field in form.iter("input")}
        if form.get("method", "get").lower() == "post" and "csrfmiddlewaretoken" not in names:
            yield f"{shown(form)} is posted without a CSRF token"


def links_and_buttons(page: Page) -> Iterator[str]:
    for element in page.all("a", "button", "summary"):
        if not page.name(element):
            yield f"{shown(element)} has no text"
        if element.tag == "a" and element.get("href") in {"", "#"}:
            yield f"{shown(element)} leads nowhere"
        if page.is_within(element, {"a", "button"}):
            yield f"{shown(element)} stands in another link or button"
    for element in page.all("input"):
        if element.get("type") in {"submit", "button", "reset"} and not element.get("value"):
            yield f"{shown(element)} has no text"
    for element in page.elements:
        if re.fullmatch(r"0*[1-9]\d*", element.get("tabindex", "")):
            yield f"{shown(element)} changes the order of the Tab key"


def pictures_and_tables(page: Page) -> Iterator[str]:
    yield from (f"{shown(image)} has no alt" for image in page.all("img") if "alt" not in image.attrib)
    for picture in page.all(f"{SVG}svg"):
        around = [picture, *page.ancestors(picture)]
        hidden = any(element.get("aria-hidden") == "true" for element in around)
        inner = any(element.tag == f"{SVG}svg" for element in around[1:])
        named = picture.get("role") == "img" and page.name(picture)
        if not (hidden or inner or named):
            yield f"{shown(picture)} needs role=img and a name, or aria-hidden=true"
    for table in page.all("table"):
        if table.find(".//th") is None:
            yield f"{shown(table)} has no header cells"
    yield from (f"{shown(frame)} has no title" for frame in page.all("iframe") if not frame.get("title"))


def nothing_inline(page: Page) -> Iterator[str]:
    for element in page.elements:
        if element.tag in {"style", f"{SVG}style"}:
            yield f"{shown(element)}: no inline style sheet"
        if element.tag in {"script", f"{SVG}script"} and "src" not in element.attrib and _runs(element):
            yield f"{shown(element)}: no inline script"
        for name, value in element.attrib.items():
            if name == "style" or name.startswith("on"):
                yield f"{shown(element)}: no {name}= attribute"
            if name in {"href", "src", "action", "formaction"} and value.strip().lower().startswith(
                "javascript:"
            ):
                yield f"{shown(element)}: no javascript: address"


def _runs(script: Element) -> bool:
    return script.get("type", "text/javascript") not in {
        "application/json",
        "application/ld+json",
        "application/geo+json",
    }


def nothing_from_elsewhere(page: Page) -> Iterator[str]:
    loaded = [(element, element.get(LOADED[element.tag], "")) for element in page.all(*LOADED)]
    loaded += [
        (link, link.get("href", ""))
        for link in page.all("link")
        if LOADED_LINKS & set(link.get("rel", "").lower().split())
    ]
    for element, address in loaded:
        parts = urlsplit(address)
        if parts.scheme != "data" and parts.netloc not in {"", page.host}:
            yield f"{shown(element)} is loaded from elsewhere"


def strict_policy(page: Page) -> Iterator[str]:
    policy = page.headers.get("Content-Security-Policy", "")
    directives = {
        name: set(sources) for name, *sources in (part.split() for part in policy.split(";") if part.strip())
    }
    if not directives:
        yield "there is no Content-Security-Policy"
        return
    for name in RESTRICTED:
        if name not in directives:
            yield f"the Content-Security-Policy has no {name}"
        elif name == "frame-ancestors" and is_embedded(page):
            continue
        elif extra := directives[name] - SELF_ONLY:
            yield f"the Content-Security-Policy allows {name} {' '.join(sorted(extra))}"


CHECKS: tuple[Callable[[Page], Iterator[str]], ...] = (
    valid_html,
    ids_and_references,
    language_of_page,
    title_and_heading,
    heading_levels,
    landmarks,
    form_controls,
    links_and_buttons,
    pictures_and_tables,
    nothing_inline,
    nothing_from_elsewhere,
    strict_policy,
)


def page_problems(page: Page) -> list[str]:
    """Return a sentence for each thing that is wrong with a page."""
    return [problem for check in CHECKS for problem in check(page)]


def check_page(response: Any, *, language: str | None) -> None:
    """Fail unless a response of Django's test client is a page that passes every check.

    Args:
        response: What the client returned.
        language: Code that the page must be in; None where the address does not say.
    """
    page = Page(response.content.decode("utf-8"), response.headers, language)
    problems = page_problems(page)
    address = getattr(response, "request", {}).get("PATH_INFO", "the page")
    assert not problems, (
        f"{address} ({response.status_code}) does not pass the page check:\n- " + "\n- ".join(problems)
    )
