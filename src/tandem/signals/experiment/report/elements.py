"""Elements of the report's HTML: lists, notices, tables."""

from collections.abc import Sequence
from html import escape

Rows = Sequence[Sequence[str]]


def bullets(items: Sequence[str]) -> str:
    """Return a list of what is already HTML."""
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def notice(head: str, sentences: Sequence[str], *, kind: str = "plain") -> str:
    """Return sentences that stand out, under a heading."""
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    return f'<div class="notice {kind}"><p class="notice-head">{escape(head)}</p>{said}</div>'


def two(value: str, smaller: str) -> str:
    """Return a value with a smaller text below it, if there is any."""
    return escape(value) + (f" {below(smaller)}" if smaller else "")


def below(text: str) -> str:
    """Return a smaller text on a line of its own."""
    return f'<span class="below">{escape(text)}</span>'


def table(caption: str, heads: Sequence[str], rows: Rows, *, stacked: bool = False) -> str:
    """Return a table in a region that scrolls; the first cell of a row is its heading.

    Args:
        caption: For screen readers.
        heads: Plain text, one for each column.
        rows: Cells, already HTML.
        stacked: On a narrow screen each row becomes a block with its heads beside the values.
    """
    head = "".join(f'<th scope="col" role="columnheader">{escape(each)}</th>' for each in heads)
    body = "".join(
        '<tr role="row">'
        f'<th scope="row" role="rowheader">{row[0]}</th>'
        + "".join(
            f'<td role="cell" data-head="{escape(name)}"><div>{cell}</div></td>'
            for name, cell in zip(heads[1:], row[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    kind = ' class="stacked"' if stacked else ""
    return (
        f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0"><table{kind} role="table">'
        f'<caption>{escape(caption)}</caption><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table></div>'
    )
