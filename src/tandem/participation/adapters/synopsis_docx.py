"""The weighing table as a DOCX document, with python-docx.

Rows are built as XML elements: python-docx looks up every cell in the whole table, which takes minutes for a thousand.
"""

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from docx import Document
from docx.document import Document as OpenDocument
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tandem.core.text import printable
from tandem.kit.docx import introduce, number_pages, written
from tandem.participation.domain.synopsis import Row, Section, Synopsis, runs_right_to_left

# Columns on a landscape A4 page with margins of 1.5 cm, in twentieths of a point.
_WIDTHS = tuple(round(cm / 2.54 * 1440) for cm in (1.7, 3.8, 8.6, 8.3, 4.3))


def synopsis_docx(synopsis: Synopsis) -> bytes:
    """Return the document: headings, tables whose heads are repeated on each page, page numbers, its language.

    Whatever a statement holds is text; nothing in it is read as markup. The same table gives the same bytes.
    """
    document = Document()
    _set_page(document)
    introduce(
        document,
        title=synopsis.title,
        author=synopsis.author,
        language=synopsis.language,
        as_of=synopsis.as_of,
    )
    document.add_heading(printable(synopsis.title), level=0)
    document.add_paragraph(printable(synopsis.subtitle))
    for section in synopsis.sections:
        document.add_heading(section.heading, level=1)
        _add_table(document, section, synopsis.heads)
    number_pages(document, synopsis.page_of)
    return written(document)


def _set_page(document: OpenDocument) -> None:
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(1.5)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(9)
    style.paragraph_format.space_after = Pt(2)


def _add_table(document: OpenDocument, section: Section, heads: Iterable[str]) -> None:
    table = document.add_table(rows=0, cols=len(_WIDTHS), style="Table Grid")
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.iterchildren(), _WIDTHS, strict=True):
        column.set(qn("w:w"), str(width))
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    for tag in ("w:tblCaption", "w:tblDescription"):
        look.addnext(caption := _element(tag, {"w:val": section.heading}))
        look = caption
    table._tbl.append(_row(heads, head=True))
    table._tbl.extend(_row(_cells(row)) for row in section.rows)


def _cells(row: Row) -> tuple[str, str, str, str, str]:
    return row.number, row.author, row.text, row.weighing, row.decision


def _element(tag: str, attributes: dict[str, str] | None = None, *children: Any) -> Any:
    made = OxmlElement(tag)
    for name, value in (attributes or {}).items():
        made.set(qn(name), value)
    made.extend(children)
    return made


_CELLS = [
    _element("w:tc", None, _element("w:tcPr", None, _element("w:tcW", {"w:w": str(width), "w:type": "dxa"})))
    for width in _WIDTHS
]


def _row(cells: Iterable[str], *, head: bool = False) -> Any:
    row = _element("w:tr")
    if head:
        row.append(_element("w:trPr", None, _element("w:cantSplit"), _element("w:tblHeader")))
    for text, empty in zip(cells, _CELLS, strict=True):
        cell = deepcopy(empty)
        cell.extend(_paragraph(line, bold=head) for line in printable(text).split("\n"))
        row.append(cell)
    return row


def _paragraph(text: str, *, bold: bool) -> Any:
    paragraph, run, marks = _element("w:p"), _element("w:r"), _element("w:rPr")
    if bold:
        marks.append(_element("w:b"))
    if runs_right_to_left(text):
        paragraph.append(_element("w:pPr", None, _element("w:bidi")))
        marks.append(_element("w:rtl"))
    if len(marks):
        run.append(marks)
    said = _element("w:t", {"xml:space": "preserve"})
    said.text = text
    run.append(said)
    paragraph.append(run)
    return paragraph
