"""A result as a file: one page of HTML, PDF or PNG with the picture and every figure."""

import json
from html import escape
from pathlib import Path
from typing import Any, Literal

import typst
import vl_convert

from andon.analyze.studies.telling import Block, Telling

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .8rem .2rem 0;"
    "text-align:left;vertical-align:top}th{border-bottom:1px solid}svg{max-width:100%;height:auto}"
)
_MOST_ROWS = 500
Kind = Literal["pdf", "png"]


def write_html(out: Path, title: str, told: Telling, picture: dict[str, Any] | None) -> None:
    """Write a page that needs nothing beside itself: picture as SVG, figures as tables."""
    svg = vl_convert.vegalite_to_svg(picture) if picture else ""
    parts = [_html_rows(told.verdict), svg, _html_rows(told.figures)]
    parts += [_html_block(block) for block in told.blocks]
    parts.append(_html_rows(told.provenance))
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    body = f"<h1>{escape(title)}</h1>" + "".join(parts)
    out.write_text(
        f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>',
        encoding="utf-8",
    )


def write_pdf(out: Path, title: str, told: Telling, picture: dict[str, Any] | None) -> None:
    """Write a PDF: picture first, verdict and figures below."""
    out.write_bytes(_typeset(title, told, picture, "pdf"))


def write_png(out: Path, title: str, told: Telling, picture: dict[str, Any] | None) -> None:
    """Write the picture; where there is none, the page of figures."""
    image = vl_convert.vegalite_to_png(picture, scale=2) if picture else None
    out.write_bytes(image or _typeset(title, told, None, "png"))


def _html_rows(rows: list[tuple[str, ...]]) -> str:
    cells = (f"<tr><th scope=row>{escape(name)}</th><td>{escape(text)}</td></tr>"
             for name, text in rows)  # fmt: skip
    return f"<table>{''.join(cells)}</table>" if rows else ""


def _html_block(block: Block) -> str:
    head = "".join(f"<th scope=col>{escape(each)}</th>" for each in block.headers)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in block.rows
    )
    return f"<h2>{escape(block.title)}</h2><table><tr>{head}</tr>{body}</table>"


def _typeset(title: str, told: Telling, picture: dict[str, Any] | None, kind: Kind) -> bytes:
    """Return the page set by Typst; all text goes in as data, so none of it is read as markup."""
    height = "auto" if kind == "png" else "297mm"
    svg = vl_convert.vegalite_to_svg(picture) if picture else ""
    blocks = [
        {"title": each.title, "headers": each.headers, "rows": each.rows[:_MOST_ROWS]}
        for each in told.blocks
        if each.rows
    ]
    data = {
        "title": title, "svg": svg, "verdict": told.verdict, "figures": told.figures,
        "blocks": blocks, "provenance": told.provenance,
    }  # fmt: skip
    page = f"#set page(width: 210mm, height: {height}, margin: 18mm)\n{_PAGE}"
    made: Any = typst.compile(
        page.encode(), format=kind, sys_inputs={"data": json.dumps(data)}, ppi=144
    )
    return bytes(made[0] if isinstance(made, list) else made)


_PAGE = """
#let data = json(bytes(sys.inputs.data))
#set text(size: 9pt)
#let pairs(rows) = if rows.len() > 0 {
  grid(columns: (auto, 1fr), column-gutter: 1em, row-gutter: 0.5em,
    ..rows.map(row => (strong(row.at(0)), row.at(1))).flatten())
}
#heading(level: 1, data.title)
#pairs(data.verdict)
#if data.svg != "" { image(bytes(data.svg), format: "svg", width: 100%) }
#pairs(data.figures)
#for block in data.blocks {
  heading(level: 2, block.title)
  table(columns: block.headers.len(), stroke: none, inset: 2pt,
    table.header(..block.headers.map(strong)), ..block.rows.flatten())
}
#v(1em)
#pairs(data.provenance)
"""
