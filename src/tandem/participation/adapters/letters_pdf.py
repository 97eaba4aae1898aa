"""Letters with voting codes as a PDF, one page each, with Typst. The texts reach Typst as data, never as markup."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import typst

from tandem.core.errors import Unavailable
from tandem.core.text import say

_TEMPLATE = """
#let it = json(bytes(sys.inputs.at("letter")))
#set document(title: it.title, author: it.author)
#set text(lang: it.language, font: "Libertinus Serif", size: 12pt)
#set par(spacing: 1.1em)
#set page(paper: "a4", margin: (top: 5cm, bottom: 2.5cm, x: 2.5cm))
#for (place, code) in it.codes.enumerate() {
  if place > 0 { pagebreak() }
  heading(level: 1, it.title)
  v(0.5cm)
  for each in it.paragraphs { par(each) }
  v(0.5cm)
  text(size: 10pt, it.code_label)
  linebreak()
  text(font: "DejaVu Sans Mono", size: 20pt, code)
  v(0.3cm)
  text(size: 10pt, it.address_label)
  linebreak()
  text(it.address)
  v(1fr)
  text(size: 10pt, it.author)
}
"""
MOST_LETTERS = 5_000


class CannotSetLetters(Unavailable):
    """The program that sets PDF documents gave up."""

    code = "participation.letters.cannot-set-pdf"


@dataclass(frozen=True, slots=True)
class Letter:
    """What all letters say.

    Attributes:
        language: ISO 639-1, of the text.
        title: What is voted on.
        author: The city.
        paragraphs: What the letter says.
        code_label: Stands over the code.
        address_label: Stands over the address.
        address: Where the vote is on the Internet.
    """

    language: str
    title: str
    author: str
    paragraphs: tuple[str, ...]
    code_label: str
    address_label: str
    address: str


def letters_pdf(letter: Letter, codes: Sequence[str]) -> bytes:
    """Return a document with a page for each code.

    Args:
        codes: At most ``MOST_LETTERS`` at a time.

    Raises:
        CannotSetLetters: Typst gave up.
    """
    try:
        content = typst.compile(
            _TEMPLATE.encode(),
            format="pdf",
            sys_inputs={"letter": json.dumps({**asdict(letter), "codes": list(codes)})},
        )
    except typst.TypstError as error:
        raise CannotSetLetters(say("The letters could not be set: {reason}", reason=error.message)) from error
    assert isinstance(content, bytes)  # noqa: S101 - only several pictures come as a list
    return content
