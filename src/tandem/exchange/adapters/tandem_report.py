"""A tandem's report as a DOCX document, with python-docx, and as an accessible PDF, with Typst.

The texts reach both as data, never as markup. The same report gives the same bytes.
"""

from typing import Any

from docx import Document
from docx.document import Document as OpenDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tandem.core.errors import Unavailable
from tandem.core.text import printable, say
from tandem.exchange.domain.tandem_report import Block, Bullets, Heading, Paragraph, Report, Table
from tandem.kit.docx import introduce, number_pages, written
from tandem.kit.typesetting import CannotSetPdf, archived_pdf

_WIDTH_CM = 17.0


class CannotSetReport(Unavailable):
    """The program that sets PDF documents gave up."""

    code = "exchange.cannot-set-report"

    def __init__(self, reason: str) -> None:
        super().__init__(
            say("The PDF could not be set: {reason}. Take the DOCX document meanwhile.", reason=reason)
        )


# --- DOCX -----------------------------------------------------------------------------------------
def report_docx(report: Report) -> bytes:
    """Return the report as DOCX: headings, lists, tables whose heads are repeated, page numbers, its language."""
    document = Document()
    _set_page(document)
    introduce(
        document, title=report.title, author=report.author, language=report.language, as_of=report.as_of
    )
    document.add_heading(printable(report.title), level=0)
    document.add_paragraph(printable(report.subtitle))
    for section in report.sections:
        document.add_heading(printable(section.heading), level=1)
        for block in section.blocks:
            _add(document, block)
    number_pages(document, report.page_of)
    return written(document)


def _set_page(document: OpenDocument) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(10)


def _add(document: OpenDocument, block: Block) -> None:
    match block:
        case Heading():
            document.add_heading(printable(block.text), level=2)
        case Paragraph():
            for line in printable(block.text).split("\n"):
                document.add_paragraph(line)
        case Bullets():
            for point in block.points:
                document.add_paragraph(printable(point), style="List Bullet")
        case Table():
            _add_table(document, block)


def _add_table(document: OpenDocument, block: Table) -> None:
    table = document.add_table(rows=1, cols=len(block.heads), style="Table Grid")
    table.autofit = False
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    for tag in ("w:tblDescription", "w:tblCaption"):
        look.addnext(_element(tag, printable(block.caption)))
    head = table.rows[0]._tr.get_or_add_trPr()
    head.extend([OxmlElement("w:cantSplit"), OxmlElement("w:tblHeader")])
    widths = [Cm(_WIDTH_CM * each / sum(block.widths)) for each in block.widths]
    for number, cells in enumerate((block.heads, *block.rows)):
        row = table.rows[0] if number == 0 else table.add_row()
        for place, (cell, text, width) in enumerate(zip(row.cells, cells, widths, strict=True)):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.add_run(printable(text)).bold = number == 0 or None
            if place in block.figures:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_paragraph()


def _element(tag: str, value: str) -> Any:
    made = OxmlElement(tag)
    made.set(qn("w:val"), value)
    return made


# --- PDF ------------------------------------------------------------------------------------------
_TEMPLATE = """
#let it = json(bytes(sys.inputs.at("values")))
#set document(title: it.title, author: it.author)
#set text(lang: it.lang, font: "Libertinus Serif", size: 10.5pt, hyphenate: true)
#set page(paper: "a4", margin: 2cm, footer: context align(center, {
  it.page_of
    .replace("{pages}", str(counter(page).final().first()))
    .replace("{page}", str(counter(page).get().first()))
}))
#show title: set text(size: 18pt)
#show heading.where(level: 1): set text(size: 14pt)
#show heading.where(level: 2): set text(size: 12pt)
#let lines(said) = for line in said.split("\\n") { par(line) }
#title()
#it.subtitle
#for section in it.sections {
  heading(level: 1, section.heading)
  for block in section.blocks {
    if block.kind == "heading" { heading(level: 2, block.text) }
    if block.kind == "paragraph" { lines(block.text) }
    if block.kind == "bullets" { list(..block.points.map(point => [#point])) }
    if block.kind == "table" {
      set text(size: 9pt)
      table(
        columns: block.widths.map(each => each * 1fr),
        align: (x, y) => if y > 0 and block.figures.contains(x) { right } else { left },
        inset: 4pt,
        stroke: 0.4pt,
        table.header(repeat: true, ..block.heads.map(strong)),
        ..block.rows.flatten().map(lines),
      )
    }
  }
}
"""


def report_pdf(report: Report) -> bytes:
    """Return the report as an accessible PDF for the archive; ``archived_pdf`` says how.

    Raises:
        CannotSetReport: Typst gave up.
    """
    try:
        return archived_pdf(_TEMPLATE, _plain(report), as_of=report.as_of).content
    except CannotSetPdf as error:
        raise CannotSetReport(error.reason) from error


def _plain(report: Report) -> dict[str, Any]:
    """Return the report as the template reads it."""
    return {
        "lang": report.language,
        "title": printable(report.title),
        "author": printable(report.author),
        "subtitle": printable(report.subtitle),
        "page_of": report.page_of,
        "sections": [
            {
                "heading": printable(section.heading),
                "blocks": [_plain_block(block) for block in section.blocks],
            }
            for section in report.sections
        ],
    }


def _plain_block(block: Block) -> dict[str, Any]:
    match block:
        case Table():
            return {
                "kind": "table",
                "heads": [printable(each) for each in block.heads],
                "rows": [[printable(cell) for cell in row] for row in block.rows],
                "widths": block.widths,
                "figures": block.figures,
            }
        case Bullets():
            return {"kind": "bullets", "points": [printable(each) for each in block.points]}
        case Heading():
            return {"kind": "heading", "text": printable(block.text)}
        case _:
            return {"kind": "paragraph", "text": printable(block.text)}
