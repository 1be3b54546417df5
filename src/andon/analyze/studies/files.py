"""A result as a file: one page of HTML, PDF or PNG with the picture and every figure.

The page of HTML needs nothing beside itself: the picture is drawn in it, style rules turn it dark
where the reader's system is, and each panel has its table.
"""

import json
import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any, Literal

import typst

from andon.analyze.studies.telling import Block, Telling, word
from andon.pictures.picture import Panel, Picture
from andon.pictures.rendering import dark_style, png_of, svg_of

_STYLE = (
    ":root{color-scheme:light dark;--ink:#16202b;--muted:#5c6875;--line:#e2e6eb;--ground:#fff}"
    "body{font:14px/1.5 Inter,system-ui,'Segoe UI','Noto Sans',sans-serif;max-width:60rem;"
    "margin:2rem auto;padding:0 1rem;color:var(--ink);background:var(--ground);"
    "font-variant-numeric:tabular-nums}h1{font-size:24px;margin:0 0 .5rem}"
    "h2{font-size:15px;margin:1.6rem 0 .4rem}.verdict{font-size:15px;font-weight:600}"
    ".muted,figcaption{color:var(--muted);font-size:12.5px}figure{margin:1.5rem 0}"
    "table{border-collapse:collapse;margin:.6rem 0}td,th{padding:.2rem .9rem .2rem 0;"
    "text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}"
    "th[scope=col]{color:var(--muted);font-weight:600}summary{cursor:pointer;font-weight:600;"
    "color:#0b5563}svg{max-width:100%;height:auto}svg text{font-family:inherit}"
    "svg>rect:first-child{fill:none}.wide{overflow-x:auto}"
)
_DARK = ":root{--ink:#e7edf1;--muted:#a3b2bc;--line:#2b3840;--ground:#161e24}summary{color:#74c7d4}"
_MOST_ROWS = 500
_TEXT_WIDTH = 174.0
"""Of a page of A4 between its margins, in millimetres."""
Kind = Literal["pdf", "png"]


def write_html(out: Path, title: str, told: Telling, picture: Picture | None) -> None:
    """Write a page that needs nothing beside itself: picture, its tables, figures."""
    style = f"{_STYLE}@media (prefers-color-scheme:dark){{{_DARK}{dark_style()}}}"
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{style}</style>"
    )
    parts = [f"<h1>{escape(title)}</h1>", *_html_picture(picture)]
    parts += [_html_rows(told.verdict), _html_rows(told.figures)]
    parts += [_html_table(block.title, block.headers, block.rows) for block in told.blocks]
    parts.append(_html_rows(told.provenance))
    out.write_text(
        f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(parts)}</body></html>',
        encoding="utf-8",
    )


def write_pdf(out: Path, title: str, told: Telling, picture: Picture | None) -> None:
    """Write a PDF: picture first, verdict and figures below."""
    out.write_bytes(_typeset(title, told, picture, "pdf"))


def write_png(out: Path, title: str, told: Telling, picture: Picture | None) -> None:
    """Write the picture; where there is none, the page of figures."""
    out.write_bytes(png_of(picture) if picture else _typeset(title, told, None, "png"))


def _html_picture(picture: Picture | None) -> list[str]:
    if picture is None:
        return []
    label = escape(f"{picture.title}. {picture.verdict}", quote=True)
    tables = "".join(_html_panel(panel) for panel in picture.panels if panel.rows)
    return [
        f'<p class="verdict">{escape(picture.verdict)}</p>' if picture.verdict else "",
        f'<figure role="img" aria-label="{label}">{svg_of(picture)}</figure>',
        f'<p class="muted">{escape(picture.caption)}</p>',
        tables,
    ]


def _html_panel(panel: Panel) -> str:
    rows = [tuple(map(word, row)) for row in panel.rows]
    table = _html_body(panel.headers, rows)
    summary = f"<summary>Data table: {escape(panel.title)}</summary>"
    return f'<details>{summary}<div class="wide">{table}</div></details>'


def _html_rows(rows: Iterable[tuple[str, ...]]) -> str:
    cells = [
        f"<tr><th scope=row>{escape(row[0])}</th><td>{escape(row[1])}</td></tr>" for row in rows
    ]
    return f"<table>{''.join(cells)}</table>" if cells else ""


def _html_table(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return f'<h2>{escape(title)}</h2><div class="wide">{_html_body(headers, rows)}</div>'


def _html_body(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th scope=col>{escape(each)}</th>" for each in headers)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def _typeset(title: str, told: Telling, picture: Picture | None, kind: Kind) -> bytes:
    """Return the page set by Typst; all text goes in as data, so none of it is read as markup."""
    height = "auto" if kind == "png" else "297mm"
    svg = svg_of(picture) if picture else ""
    data = {
        "title": title,
        "svg": svg,
        "height": _height(svg),
        "says": picture.verdict if picture else "",
        "caption": picture.caption if picture else "",
        "verdict": told.verdict,
        "figures": told.figures,
        "blocks": [_block(each) for each in told.blocks if each.rows],
        "provenance": told.provenance,
    }
    page = f"#set page(width: 210mm, height: {height}, margin: 18mm)\n{_PAGE}"
    made: Any = typst.compile(
        page.encode(), format=kind, sys_inputs={"data": json.dumps(data)}, ppi=144
    )
    return bytes(made[0] if isinstance(made, list) else made)


def _height(svg: str) -> float:
    """Return the height of a picture as wide as the page's text, in millimetres, at most a page."""
    sides = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    if sides is None:
        return 0.0
    return min(220.0, _TEXT_WIDTH * float(sides.group(2)) / float(sides.group(1)))


def _block(block: Block) -> dict[str, Any]:
    return {"title": block.title, "headers": block.headers, "rows": block.rows[:_MOST_ROWS]}


_PAGE = """
#let data = json(bytes(sys.inputs.data))
#set text(size: 9pt, font: ("Noto Sans", "DejaVu Sans", "Libertinus Serif"))
#let pairs(rows) = if rows.len() > 0 {
  grid(columns: (auto, 1fr), column-gutter: 1em, row-gutter: 0.5em,
    ..rows.map(row => (strong(row.at(0)), row.at(1))).flatten())
}
#heading(level: 1, data.title)
#if data.says != "" { strong(data.says) }
#if data.svg != "" {
  image(bytes(data.svg), format: "svg", height: data.height * 1mm, width: 100%, fit: "contain")
}
#if data.caption != "" { text(size: 8pt, fill: luma(35%), data.caption) }
#pairs(data.verdict)
#pairs(data.figures)
#for block in data.blocks {
  heading(level: 2, block.title)
  table(columns: block.headers.len(), stroke: none, inset: 2pt,
    table.header(..block.headers.map(strong)), ..block.rows.flatten())
}
#v(1em)
#pairs(data.provenance)
"""
