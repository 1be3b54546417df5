"""The chart's pages on real data that came through the door."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import pytest
from chart_story import FIRST, sample, weeks_of_l3
from django.test import Client

from andon.analyze.monitoring.models import Signal, Stream
from andon.identify.measurements.queries import Selection, rows_of
from andon.identify.measurements.services import record
from andon.organization.products.models import Characteristic
from andon.records import clock
from andon.records.trail.context import acting
from small_factory import build_small_factory, measured

CHART = "/charts/PD/L3/"
DATA = f"{CHART}data/?show=all"


@pytest.fixture(autouse=True)
def _factory(db: None) -> Iterator[None]:
    build_small_factory()
    with clock.fixed(datetime(2025, 3, 13, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def pages(engineer: Any, client: Client) -> Client:
    """A signed-in quality engineer before six weeks of L3."""
    weeks_of_l3(engineer)
    client.force_login(engineer)
    return client


def text_of(client: Client, address: str, status: int = 200) -> str:
    """Return a page as one line."""
    response = client.get(address)
    assert response.status_code == status, address
    return " ".join(response.content.decode().split())


def columns(client: Client, address: str = DATA) -> dict[str, Any]:
    """Return the data of a chart."""
    response = client.get(address)
    assert response.status_code == 200, address
    told: dict[str, Any] = response.json()
    return told


def test_the_list_names_each_stream_with_symbol_and_word(pages: Client) -> None:
    text = text_of(pages, "/charts/")
    assert "One stream has a finding" in text
    assert "Turning" in text
    assert "■</span>Shifted up" in text
    assert 'href="/charts/PD/L3/"' in text


def test_the_headline_is_the_finding(pages: Client) -> None:
    text = text_of(pages, CHART)
    assert "Plunger diameter on L3 shifted up about 17 February 2025</h1>" in text
    assert "Check the insert life counter." in text
    assert "Nelson 1" in text
    assert "no autocorrelation" in text


def test_what_is_drawn_is_what_judges(pages: Client) -> None:
    told = columns(pages)
    limits = Stream.objects.get(code="PD/L3").limits.get()
    lines = list(zip(*told["lines"].values(), strict=True))
    drawn = [row[3] for row in lines if row[0] == "mean" and row[4] == "control"]
    assert drawn == [limits.upper, limits.lower]
    assert told["bands"]["upper"][0] == limits.upper
    assert f"UCL {limits.upper:.6f}" in told["labels"]["text"]
    beyond = [not limits.lower <= mean <= limits.upper for mean in told["points"]["mean"]]
    assert told["points"]["is_beyond_mean"] == beyond
    assert sum(beyond) >= 5


def test_signals_findings_and_specification_are_in_the_picture(pages: Client) -> None:
    told = columns(pages)
    assert "1" in told["points"]["codes_mean"]
    assert (
        told["events"]["word"][:2] == ["shift began", "found"] or "found" in told["events"]["word"]
    )
    assert [text for text in told["labels"]["text"] if "SL" in text] == ["LSL 0.7300", "USL 0.7500"]
    assert told["points"]["lot"][0] == "PD-L3-250106"


def test_a_narrower_span_shows_its_days_and_their_story(pages: Client) -> None:
    text = text_of(pages, f"{CHART}?since=2025-01-06&until=2025-01-10")
    assert "no finding in these days" in text
    assert "5 subgroups, 6 January 2025 to 10 January 2025" in text
    kept = (
        "/evidence/for/?characteristic=PD&amp;machines=L3&amp;since=2025-01-06&amp;until=2025-01-10"
    )
    assert f'href="{kept}"' in text
    assert (
        len(columns(pages, f"{CHART}data/?since=2025-01-06&until=2025-01-10")["points"]["x"]) == 5
    )


def test_one_day_is_drawn_by_the_hour(pages: Client, engineer: Any) -> None:
    record(sample(date(2025, 3, 3), [0.7401, 0.7412, 0.74, 0.739, 0.7395], hour=7), actor=engineer)
    record(sample(date(2025, 3, 3), [0.7401, 0.7412, 0.74, 0.739, 0.7391], hour=15), actor=engineer)
    told = columns(pages, f"{CHART}data/?since=2025-03-03&until=2025-03-03")
    assert told["ticks"]["label"] == ["08:15", "16:15"]
    assert told["frame_mean"]["x"] == [-0.5, 1.5]


def test_a_span_without_data_says_so(pages: Client) -> None:
    assert "Nothing was measured in these days." in text_of(
        pages, f"{CHART}?since=2020-01-01&until=2020-01-02"
    )
    told = columns(pages, f"{CHART}data/?since=2020-01-01&until=2020-01-02")
    assert told["points"] == {}


@pytest.mark.parametrize(
    "query",
    [
        "since=tomorrow", "show=everything", "since=2025-02-01&until=2025-01-01",
        "since=0001-01-01", "until=0001-01-01", "until=9999-12-31",
    ],
)  # fmt: skip
def test_a_span_that_is_none_is_refused_in_words(pages: Client, query: str) -> None:
    assert pages.get(f"{CHART}?{query}").status_code == 422
    assert pages.get(f"{CHART}data/?{query}").status_code == 422


@pytest.mark.parametrize("page", ["/analyze/drivers/?characteristic=PD&", "/analyze/pareto/?"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_of_another_millennium_is_refused_in_words(
    pages: Client, page: str, day: str
) -> None:
    answer = pages.get(f"{page}until={day}")
    assert answer.status_code == 422
    assert "The year is between 1900 and 2999." in answer.content.decode()


def test_measurements_are_read_between_any_two_days(pages: Client) -> None:
    found = pages.get("/api/v1/measurements?characteristic=PD&since=0001-01-01&until=9999-12-31")
    assert (found.status_code, len(found.json()) > 100) == (200, True)
    assert pages.get("/api/v1/measurements?characteristic=PD&until=0001-01-01").json() == []


def test_single_values_and_ranges_have_their_own_view(pages: Client) -> None:
    singles = columns(pages, f"{DATA}&view=singles")
    assert len(singles["pieces"]["value"]) == 180
    assert singles["points"] == {}
    assert set(columns(pages, f"{DATA}&view=ranges")["lines"]["panel"]) == {"range"}
    for view in ("singles", "ranges", "nonsense"):
        text_of(pages, f"{CHART}?view={view}")


def test_unknown_charts_are_not_found(pages: Client) -> None:
    charts = ("/charts/none/", "/charts/PD/L9/", "/charts/PD/L9/data/")
    points = (f"{CHART}point/?subgroup=x", f"{CHART}point/")
    for address in (*charts, *points, "/characteristics/none/"):
        assert pages.get(address).status_code == 404, address


def test_a_point_is_acknowledged_annotated_and_excluded(pages: Client) -> None:
    signal = Signal.objects.filter(rule="1").first()
    assert signal is not None
    point = f"{CHART}point/?subgroup={signal.subgroup}"
    text = text_of(pages, point)
    assert "Check the insert life counter.</textarea>" in text
    assert "/nc/new/?characteristic=PD&amp;machine=L3&amp;lot=" in text
    assert "point-drawer" in pages.get(point, headers={"HX-Request": "true"}).content.decode()
    for act, words in (
        ("acknowledge", "insert changed"),
        ("annotate", "new bar"),
        ("exclude", "crash"),
    ):
        assert pages.post(point, {"act": act, "text": words}).status_code == 302
    assert pages.post(point, {"act": "dance"}).status_code == 422
    assert pages.post(point, {"act": "annotate", "text": " "}).status_code == 422
    signal.refresh_from_db()
    assert signal.reaction == "insert changed"
    told = columns(pages)["points"]
    place = told["key"].index(signal.subgroup)
    assert (told["note"][place], told["is_excluded"][place], told["has_note"][place]) == (
        "new bar", True, True,
    )  # fmt: skip
    assert "Left out of the next phase I: crash" in " ".join(text_of(pages, point).split())


def test_an_auditor_looks_but_does_not_act(pages: Client, account_with: Any) -> None:
    pages.force_login(account_with("AUD"))
    signal = Signal.objects.filter(rule="1").first()
    assert signal is not None
    point = f"{CHART}point/?subgroup={signal.subgroup}"
    assert "<textarea" not in text_of(pages, point)
    assert "Begin a new phase" not in text_of(pages, CHART)
    assert pages.post(point, {"act": "exclude", "text": "x"}).status_code == 403
    assert pages.post(f"{CHART}phase/", {}).status_code == 403


def test_a_new_phase_gets_limits_of_its_own_and_the_old_stay(pages: Client) -> None:
    days = {"since": "2025-01-08", "until": "2025-02-24", "reason": "new insert grade"}
    assert pages.post(f"{CHART}phase/", days).status_code == 302
    limits = Stream.objects.get(code="PD/L3").limits.all()
    assert [one.version for one in limits] == [2, 1]
    told = columns(pages)
    assert "limits v2" in told["events"]["word"]
    assert len(set(told["bands"]["upper"])) == 4
    assert "new insert grade" in text_of(pages, CHART)
    assert pages.post(f"{CHART}phase/", {**days, "since": "soon"}).status_code == 422
    assert pages.post(f"{CHART}phase/", {**days, "until": "2025-01-09"}).status_code == 422


def test_hostile_text_stays_text(pages: Client, engineer: Any) -> None:
    wicked = "<script>alert(1)</script>"
    record(sample(date(2025, 3, 4), [0.79] * 5, operator=wicked, lot=wicked), actor=engineer)
    for address in (CHART, "/measurements/?characteristic=PD", "/signals/", "/charts/"):
        assert wicked not in pages.get(address).content.decode()
    key = columns(pages)["points"]["key"][-1]
    told = pages.get(f"{CHART}point/", {"subgroup": key}).content.decode()
    assert wicked not in told
    assert "&lt;script&gt;" in told
    assert json.loads(pages.get(DATA).content)["points"]["operator"][-1] == wicked


@pytest.mark.parametrize(
    ("lower", "upper", "named"),
    [(None, 0.75, ["USL 0.7500"]), (0.73, None, ["LSL 0.7300"]), (None, None, [])],
)
def test_a_specification_may_have_one_side_or_none(
    pages: Client, system: Any, lower: float | None, upper: float | None, named: list[str]
) -> None:
    with acting(system):
        Characteristic.objects.filter(code="PD").update(
            lower_specification=lower, upper_specification=upper
        )
    assert [text for text in columns(pages)["labels"]["text"] if "SL" in text] == named
    for address in (CHART, f"{CHART}?view=singles", "/characteristics/PD/"):
        text_of(pages, address)


def test_the_log_model_is_judged_by_logarithms_and_told_in_its_unit(
    pages: Client, engineer: Any
) -> None:
    rows = []
    for place in range(30):
        day = FIRST.replace(day=1 + place % 28, month=1 + place // 28)
        values = [20.0 + (place * 7 + n * 3) % 9 for n in range(5)]
        rows += [
            {**one, "characteristic": "CR", "machine": "A1", "unit": "mOhm", "lot": ""}
            for one in sample(day, values)
        ]
    record(rows, actor=engineer)
    told = columns(pages, "/charts/CR/A1/data/?show=all")
    limits = Stream.objects.get(code="CR/A1").limits.get()
    uppers = [v for v, k, p in zip(told["lines"]["value"], told["lines"]["kind"],
                                   told["lines"]["panel"], strict=True)
              if k == "control" and p == "mean"]  # fmt: skip
    assert uppers[0] == pytest.approx(2.718281828459045**limits.upper)
    assert min(told["points"]["range"]) >= 1.0
    assert "×" in told["points"]["told_range"][0]
    assert "Computed on logarithms" in text_of(pages, "/charts/CR/A1/")


def test_before_the_limits_are_frozen_the_page_says_what_is_missing(
    engineer: Any, client: Client
) -> None:
    weeks_of_l3(engineer, stable=4, shifted=0)
    client.force_login(engineer)
    text = text_of(client, CHART)
    assert "has no control limits yet" in text
    assert "Phase I: 4 subgroups" in text
    assert "Stability is not known yet" in text_of(client, "/characteristics/PD/")


def test_counted_defects_are_drawn_by_week_beside_the_other_places(
    pages: Client, engineer: Any
) -> None:
    counts = [
        measured(
            str(bad), characteristic="CRIMP", machine=machine, unit="pieces", inspected="1000",
            measured_at=f"2025-03-{day:02}T08:00:00+00:00", instrument="", lot="",
        )
        for day in (3, 4, 10)
        for machine, bad in (("A1", 3), ("A2", 40))
    ]  # fmt: skip
    record(counts, actor=engineer)
    response = pages.get("/charts/CRIMP/A2/")
    assert response.status_code == 302
    assert "raised defect rate" in text_of(pages, response["Location"])
    told = columns(pages, "/charts/CRIMP/A2/E/data/")
    assert told["points"]["rate"] == [4.0, 4.0]
    assert told["points"]["is_beyond_rate"] == [True, False]
    assert told["reference"]["value"] == [0.3, 0.3]
    text_of(pages, "/characteristics/CRIMP/")


def test_the_list_of_signals_acknowledges_with_one_tap(pages: Client, account_with: Any) -> None:
    pages.force_login(account_with("OP"))
    text = text_of(pages, "/signals/")
    assert "Done as planned" in text
    signal = Signal.objects.filter(acknowledged_at=None).first()
    assert signal is not None
    address = f"/signals/{signal.pk}/acknowledge/"
    assert pages.post(address, {"reaction": "Check the insert life counter."}).status_code == 302
    assert pages.post(address, {"reaction": "again"}).status_code == 409
    assert pages.get(address).status_code == 405


def test_measured_values_are_listed_as_typed(pages: Client) -> None:
    text = text_of(pages, "/measurements/?characteristic=PD&machine=L3")
    assert text.count("data-row") == 50
    assert "MIC-01" in text
    assert "Nothing was measured yet" in text_of(pages, "/measurements/?characteristic=CR")
    assert "Choose a characteristic" in text_of(pages, "/measurements/?characteristic=none")
    assert '<option value="PD" selected>' in text_of(pages, "/measurements/")


def test_older_values_follow_without_gap_or_repetition(pages: Client) -> None:
    address, seen = "/measurements/?characteristic=PD&machine=L3", []
    for _page in range(4):
        answer = pages.get(address)
        seen += [(row["batch"], row["position"]) for row in answer.context["rows"]]
        older = answer.context["older"]
        address = f"/measurements/?characteristic=PD&machine=L3&before={quote(str(older))}"
    assert older is None
    wanted = rows_of(Selection(characteristic="PD", machines=["L3"]))
    assert seen == wanted.select("batch", "position").rows()[::-1]
    assert len(seen) == 180


@pytest.mark.parametrize(
    "place",
    ["x", "2025-03-01", "2025-03-01T00:00:00_1_1", "9999-12-31T23:59:59+00:00_1_1",
     f"2025-03-01T00:00:00+00:00_{2**70}_1", "2025-03-01T00:00:00+00:00_-1_1"],
)  # fmt: skip
def test_a_place_that_is_none_is_not_found(pages: Client, place: str) -> None:
    answer = pages.get(f"/measurements/?characteristic=PD&before={quote(place)}")
    assert answer.status_code == 404


def test_pages_need_a_signed_in_account(client: Client) -> None:
    for address in ("/charts/", CHART, DATA, "/signals/", "/characteristics/PD/", "/measurements/"):
        assert client.get(address).status_code in (302, 401)


def test_a_chart_leads_closer_wider_and_aside_without_a_script(pages: Client) -> None:
    text = text_of(pages, f"{CHART}?since=2025-02-10&until=2025-02-17")
    assert 'href="?since=2025-02-12&amp;until=2025-02-15">closer' in text
    assert 'href="?since=2025-02-06&amp;until=2025-02-21">wider' in text
    assert 'href="?since=2025-02-14&amp;until=2025-02-21">later' in text
    closer = columns(pages, f"{CHART}data/?since=2025-02-12&until=2025-02-15")["points"]
    assert 0 < len(closer["x"]) < len(columns(pages)["points"]["x"])
