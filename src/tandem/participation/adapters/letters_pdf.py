"""Letters with voting codes as a PDF, one page each."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from tandem.kit.typesetting import plain_pdf

_TEMPLATE = """
#let it = json(bytes(sys.inputs.at("values")))
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
        CannotSetPdf: Typst gave up.
    """
    return plain_pdf(_TEMPLATE, {**asdict(letter), "codes": list(codes)})
