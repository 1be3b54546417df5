"""Every tag of the design system encodes what people typed."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from andon.web import icons
from andon.web.bars import BalancePart

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\" ' {{ 7|add:1 }} \u202e"
WORKFLOW = SimpleNamespace(
    states=[SimpleNamespace(name="open", label=HOSTILE), SimpleNamespace(name="shut", label="B")],
    transitions=[SimpleNamespace(sources=("open",), target="shut")],
)


def render(source: str, **values: Any) -> str:
    request = RequestFactory().get("/", {"sort": HOSTILE, "owner": HOSTILE})
    context = Context({"request": request, "hostile": HOSTILE, **values})
    return Template("{% load andon %}" + source).render(context)


TAGS = {
    "status": '{% status "ok" hostile %}',
    "chip": "{% chip hostile %}",
    "chip of a kind": '{% chip hostile "problem" %}',
    "sparkline": "{% sparkline values 0 2 flagged hostile %}",
    "balance bar": "{% balance_bar parts 10 %}",
    "state diagram": '{% state_diagram workflow "open" %}',
    "chart": "{% chart hostile hostile spec hostile %}",
    "sort header": '{% sort_header hostile "number" hostile %}',
    "initials": "{{ hostile|initials }}",
}


@pytest.mark.parametrize("name", TAGS)
def test_hostile_text_stays_text(name: str) -> None:
    html = render(
        TAGS[name],
        values=[1.0, None, 3.0],
        flagged={2},
        parts=[BalancePart(HOSTILE, 6, "use"), BalancePart(HOSTILE, 0.1, "scrap")],
        workflow=WORKFLOW,
        spec={"$schema": "https://vega.github.io/schema/vega/v6.json", "title": HOSTILE},
    )
    assert html
    assert "<img" not in html
    assert "<script>" not in html
    assert html.count("</script>") == html.count('<script type="application/json">')


def test_a_specification_survives_its_block_unchanged() -> None:
    spec = {"$schema": "https://vega.github.io/schema/vega/v6.json", "title": HOSTILE}
    html = render('{% chart "c" "/data" spec "Means" %}', spec=spec)
    block = html.split('<script type="application/json">')[1].split("</script>")[0]
    assert json.loads(block) == spec


def test_vega_lite_is_compiled_by_the_server() -> None:
    spec = {
        "data": {"name": "points"},
        "mark": "point",
        "encoding": {"x": {"field": "t", "type": "quantitative"}},
    }
    html = render('{% chart "c" "/data" spec %}', spec=spec)
    block = json.loads(html.split('<script type="application/json">')[1].split("</script>")[0])
    assert "marks" in block
    assert "points" in [entry["name"] for entry in block["data"]]


def test_an_icon_is_inline_and_carries_no_style() -> None:
    html = render('{% icon "gauge" %}')
    assert html.startswith('<svg class="icon"')
    assert "style" not in html
    assert 'aria-hidden="true"' in html


def test_an_unknown_icon_is_named() -> None:
    with pytest.raises(icons.UnknownIcon, match="no-such-icon"):
        icons.icon("no-such-icon")


@pytest.mark.parametrize("kind", ["ok", "attention", "problem", "watched", "idle", "done"])
def test_a_state_shows_symbol_and_word_beside_its_colour(kind: str) -> None:
    html = render("{% status kind 'In control' %}", kind=kind)
    assert f"status--{kind}" in html
    assert "In control" in html
    assert any(symbol in html for symbol in "●▲■◆○✓")


def test_the_six_symbols_differ() -> None:
    kinds = ["ok", "attention", "problem", "watched", "idle", "done"]
    assert len({render("{{ kind|symbol }}", kind=kind) for kind in kinds}) == len(kinds)


def test_a_sparkline_marks_what_is_beyond_and_says_how_much_in_words() -> None:
    html = render("{% sparkline values 0 2 flagged 'L3' %}", values=[1, 1.5, 3, 4], flagged=[2, 3])
    assert html.count("sparkline-flag") == 2
    assert "<title>L3: 4 values, 2 beyond a limit</title>" in html
    assert 'role="img"' in html


@pytest.mark.parametrize("values", [[], [None], [float("nan")], [1.0], [1.0, 1.0, 1.0]])
def test_a_sparkline_bears_thin_data(values: list[float | None]) -> None:
    assert "nan" not in render("{% sparkline values %}", values=values)


def test_what_no_disposition_covers_is_open_in_the_balance() -> None:
    html = render("{% balance_bar parts 8640 %}", parts=[BalancePart("use as is", 7776, "use")])
    assert "open 864" in html
    assert "balance-part--open" in html


def test_a_balanced_quantity_leaves_nothing_open() -> None:
    html = render("{% balance_bar parts 10 %}", parts=[BalancePart("scrap", 10, "scrap")])
    assert "balance-part--open" not in html


def test_a_value_outside_specification_is_marked_on_the_scale() -> None:
    html = render("{% scale values lower=0 upper=10 %}", values=[5, 11])
    assert html.count("scale-mark--problem") == 1


@pytest.mark.parametrize("sides", ["lower=1", "upper=9", "", "target=5"])
def test_a_scale_bears_one_sided_specifications(sides: str) -> None:
    html = render("{% scale values " + sides + " %}", values=[5.0])
    assert html.count('class="scale-mark"') == 1


def test_the_state_of_now_and_the_way_to_it_are_marked() -> None:
    html = render(
        '{% state_diagram workflow "shut" visited %}', workflow=WORKFLOW, visited=["open"]
    )
    assert html.count("state--done") == 1
    assert html.count("state--now") == 1


def test_a_second_click_on_a_heading_turns_the_order_round() -> None:
    context = Context({"request": RequestFactory().get("/", {"sort": "due", "page": "3"})})
    html = Template('{% load andon %}{% sort_header "Due" "due" %}').render(context)
    assert 'aria-sort="ascending"' in html
    assert "sort=-due" in html
    assert "page" not in html
