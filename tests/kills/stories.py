"""What people and devices do all day, as sequences of requests that create something.

Whatever a story writes carries its mark, so that afterwards everything in the database can be
traced to the story that made it. A story that ends was told at each request that it is done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from kills.calling import Caller

VALUES = 5
PLACES = ("work in progress", "stock", "sub-supplier", "in transit", "customer")
ASPECTS = ("what", "where", "when", "extent")
SUBJECTS = ("FMEA", "control plan", "documents", "training", "supplier")


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells a story: a caller, and the mark that everything of the story carries."""

    caller: Caller
    mark: str
    facts: dict[str, Any]

    def post(self, path: str, body: Any = None) -> Any:
        """Send a creating operation."""
        return self.caller.operation("POST", path, body)

    def put(self, path: str, body: Any) -> Any:
        """Send a stating operation."""
        return self.caller.operation("PUT", path, body)

    def get(self, path: str) -> Any:
        """Read."""
        return self.caller.operation("GET", path)

    def step(self, record: str, name: str, meaning: str = "", **values: Any) -> Any:
        """Take a step of a record, signed where it has a meaning."""
        body: dict[str, Any] = {"values": values, "reason": self.mark}
        if meaning:
            body["signing"] = {"password": self.caller.password, "meaning": meaning}
        path = f"/{record[:2].lower()}/{record}/steps/{name}"
        # Where a signature is asked for, four eyes may be: another account signs.
        token = self.facts["signer"] if meaning else ""
        return self.caller.operation("POST", path, body, token=token)

    def rows(self, count: int, *, machine: str = "L3", base: float = 0.74) -> list[dict[str, str]]:
        """Return values that carry the mark as their serial numbers."""
        return [
            {"characteristic": "PD", "machine": machine, "value": f"{base + place / 10_000:.4f}",
             "serial": f"{self.mark}/{place}", "comment": self.mark}
            for place in range(count)
        ]  # fmt: skip


def measure(told: Teller) -> None:
    """Record five values, and correct the first."""
    batch = told.post("/measurements", {"rows": told.rows(VALUES)})["batch"]
    told.post(
        "/measurements/corrections",
        {"place": f"{batch}:0", "value": "0.7411", "reason": told.mark},
    )


def hold(told: Teller) -> str:
    """Report a nonconformity on a lot, contain it, and go as far as its closing."""
    lot = f"LOT {told.mark}"
    told.post("/lots", [{"code": f"BAR {told.mark}", "kind": "material", "quantity": 7}])
    uses = [{"lot": f"BAR {told.mark}", "quantity": 2}]
    told.post("/lots", [{"code": lot, "kind": "component", "quantity": 100, "made_from": uses}])
    told.post("/lots/block", {"lots": [lot], "reason": told.mark})
    told.post("/lots/release", {"lots": [lot], "reason": told.mark})
    body = {"defect": f"burr {told.mark}", "lots": {lot: None}, "location": "rack 4"}
    number = str(told.post("/nonconformities", body)["number"])
    places = dict.fromkeys(PLACES, 0) | {"stock": 100}
    told.post(f"/nc/{number}/containment", {"places": places, "is_labelled": True})
    for aspect in ASPECTS:
        told.put(f"/records/{number}/is-is-not", {"aspect": aspect, "is_so": told.mark})
    told.step(number, "review", description=told.mark, severity="major")
    decide(told, number)
    return number


def decide(told: Teller, number: str) -> None:
    """Decide on the parts, take it back, decide again, do it, and close."""
    line = {"kind": "scrap", "quantity": 100, "reason": told.mark}
    at = f"/nc/{number}/dispositions"
    first = told.post(at, line)["lines"][0]["id"]
    told.post(f"{at}/{first}/take-back", {"reason": told.mark})
    second = told.post(at, line)["lines"][0]["id"]
    told.step(number, "dispose", "disposition approved")
    told.post(f"{at}/{second}/execution", {"instruction": told.mark})
    told.step(number, "execute")
    told.post(f"/nc/{number}/decision", {"is_needed": False, "reason": told.mark})
    told.step(number, "close")


def create_records(told: Teller) -> None:
    """Create a record of each type; comment on each, and link each to the one before."""
    before = told.facts["problem"]
    for kind in ("nc", "ca", "st"):
        method = {"method": "crossed"} if kind == "st" else {}
        number = str(told.post(f"/{kind}/", {"title": told.mark, **method})["number"])
        told.post(f"/{kind}/{number}/comments", {"text": told.mark})
        told.post(f"/{kind}/{number}/links", {"target": before, "note": told.mark})
        told.caller.upload(f"/{kind}/{number}/files", f"{told.mark}.txt", told.mark.encode())
        before = number
    problem = f"/pr/{told.facts['problem']}"
    told.post(f"{problem}/comments", {"text": told.mark})
    told.post(f"{problem}/links", {"target": before, "note": told.mark})
    told.caller.upload(f"{problem}/files", f"{told.mark}.txt", told.mark.encode())


def improve(told: Teller) -> None:
    """Open a corrective action, find the cause, plan the effect, act, and check it."""
    source = told.post("/nc/", {"title": f"source {told.mark}", "defect": "crimp"})["number"]
    body = {"source": source, "title": f"action {told.mark}"}
    number = str(told.post("/corrective-actions", body)["number"])
    at = f"/ca/{number}"
    told.step(number, "start", is_emergency=False)
    told.post(f"{at}/team", {"name": told.mark, "function": "process expert"})
    told.step(number, "form_team")
    told.put(f"{at}/plan", _effect(told))
    for aspect in ASPECTS:
        answer = {"aspect": aspect, "is_so": told.mark, "is_not": told.mark}
        told.put(f"/records/{number}/is-is-not", answer)
    told.step(number, "state_problem", problem_statement=told.mark)
    contained = {
        "containment_action": told.mark, "containment_checked_on": told.facts["until"],
        "containment_checked": 50, "containment_escaped": 0,
    }  # fmt: skip
    told.step(number, "confirm_containment", **contained)
    act(told, number, _causes(told, number))


def act(told: Teller, number: str, causes: list[int]) -> None:
    """Choose actions against the causes, do them, prevent the like, and compute the effect."""
    at = f"/ca/{number}"
    told.step(number, "confirm_cause")
    for cause in causes:
        item = {"cause": cause, "text": told.mark, "strength": "training",
                "responsible": told.caller.username, "due_on": "2099-01-01"}  # fmt: skip
        told.post(f"{at}/items", item)
    told.post(f"{at}/training-only", {"reason": told.mark})
    told.step(
        number, "approve_actions", "actions and effectiveness plan approved", change_risk=told.mark
    )
    for item in told.get(f"{at}/items"):
        told.post(f"{at}/items/{item['id']}/completion", {"evidence": told.mark})
    done = {"implemented_on": told.facts["until"], "validation": told.mark}
    told.put(f"{at}/implementation", done)
    told.step(number, "confirm_implementation")
    for subject in SUBJECTS:
        told.put(f"{at}/updates", {"subject": subject, "is_updated": False, "answer": told.mark})
    told.put(f"{at}/read-across", {"place": "A1", "answer": told.mark})
    told.step(number, "confirm_prevention")
    told.post(f"{at}/check")


def _effect(told: Teller) -> dict[str, Any]:
    return {
        "metric": "capability", "characteristic": "PD", "machines": ["L1"], "shifts": [],
        "baseline_since": told.facts["since"], "baseline_until": told.facts["middle"],
        "target": 1.0, "check_on": told.facts["today"], "minimum_n": 1_000_000,
    }  # fmt: skip


def _causes(told: Teller, number: str) -> list[int]:
    keys: list[int] = []
    for kind in ("occurrence", "non-detection", "occurrence"):
        cause = {"kind": kind, "category": "man", "statement": f"{told.mark} {len(keys)}"}
        key = int(told.post(f"/records/{number}/causes", cause)["id"])
        told.post(f"/causes/{key}/whys", {"answer": told.mark, "evidence": told.mark})
        keys.append(key)
    for key in keys[:2]:
        told.post(f"/causes/{key}/support", {"evidence_kind": "data split", "evidence": told.mark})
    told.post(f"/causes/{keys[2]}/refute", {"evidence": told.mark})
    return keys[:2]


def study(told: Teller) -> None:
    """Plan a gauge study, draw its sheet, enter readings, and keep a statistic as evidence."""
    facts = {"title": f"study {told.mark}", "method": "crossed", "characteristic": "PD",
             "instrument": "MIC-01"}  # fmt: skip
    number = str(told.post("/st/", facts)["number"])
    told.put(f"/st/{number}/plan", {"values": {"parts": 2, "trials": 2, "operators": ["A", "B"]}})
    told.step(number, "start")
    readings = {str(run): f"0.74{run}" for run in range(1, 9)}
    told.post(f"/st/{number}/readings", {"readings": readings, "reason": told.mark})
    columns = {"values": [1.0, 2.0, 4.0, 3.5, 2.5]}
    told.post(
        f"/evidence/on/{number}",
        {"title": told.mark, "method": "individuals_chart", "columns": columns},
    )


def watch(told: Teller) -> None:
    """Freeze new limits of a stream; see a signal and acknowledge it."""
    span = {name: told.facts[name] for name in ("since", "until")}
    told.post("/streams/PD/L1/limits", {**span, "reason": told.mark})
    at = datetime.now(UTC) - timedelta(seconds=1)
    rows = told.rows(VALUES, machine="L1", base=0.7495)
    sample = {"subgroup": told.mark, "measured_at": at.isoformat(timespec="microseconds")}
    told.post("/measurements", {"rows": [row | sample for row in rows]})
    signals = told.get("/signals?stream=PD/L1&limit=500")["items"]
    for key in [one["id"] for one in signals if one["subgroup"] == told.mark]:
        told.post(f"/signals/{key}/acknowledge", {"reaction": told.mark})


def fill_in(told: Teller) -> None:
    """Write on pages: a report with a photo, and what hangs on a record."""
    caller, files = told.caller, {"file": ("note.txt", f"note {told.mark}".encode())}
    photo = {"photo": ("burr.txt", f"photo {told.mark}".encode())}
    typed = {"defect": f"burr {told.mark}", "quantity": "5", "location": "L3"}
    page = caller.form("/nc/new/", typed, files=photo).headers["Location"]
    caller.form(page, {"text": told.mark}, to=f"{page}comments/")
    caller.form(page, {}, to=f"{page}files/", files=files)
    caller.form(page, {"note": told.mark}, to=f"{page}trail-review/")
    caller.form(page, {"name": told.mark, "query": "state=draft"}, to="/nc/filters/")
    made = caller.form("/st/new/", {"title": told.mark, "method": "crossed"}).headers["Location"]
    caller.form(page, {"target": made.split("/")[2]}, to=f"{page}links/")
    action = caller.form(page, {}, to=f"/ca/on/{page.split('/')[2]}/").headers["Location"]
    member = {"name": told.mark, "function": "process expert"}
    caller.form(f"{action}lines/member/", member)
    cause = {"kind": "occurrence", "category": "man", "statement": told.mark}
    caller.form(f"/causes/of/{action.split('/')[2]}/new/", cause)
    caller.form("/profile/", {"name": told.mark}, to="/profile/tokens/")


def take_in(told: Teller) -> None:
    """Take in a CSV file, master data, and a sample at the machine, each by its page."""
    caller = told.caller
    lines = ["characteristic,machine,value,serial,comment"]
    lines += [
        f"{r['characteristic']},{r['machine']},{r['value']},{r['serial']},{r['comment']}"
        for r in told.rows(VALUES)
    ]
    text = "\n".join(lines).encode()
    page = caller.form("/import/", {}, files={"file": (f"{told.mark}.csv", text)})
    outcome = caller.form(page.headers["Location"], {"take": "1"}).headers["Location"]
    shown = caller.until_answered("GET", outcome, headers=caller.cookie())
    assert shown.status == 200, (outcome, shown.status)
    person = f'[[person]]\ncode = "{told.mark}"\nname = "{told.mark}"\n'.encode()
    caller.form("/master-data/", {}, files={"file": (f"{told.mark}.toml", person)}, wanted=(200,))
    values = {f"value-{n}": f"{0.7400 + n / 10_000:.4f}" for n in range(1, VALUES + 1)}
    sample = {"lot": f"LOT {told.mark}", "instrument": "MIC-01", "key": told.mark, **values}
    caller.form("/record/PD/L3/", sample)


STORIES: dict[str, Callable[[Teller], Any]] = {
    "measure": measure, "hold": hold, "create records": create_records, "improve": improve,
    "study": study, "watch": watch, "fill in": fill_in, "take in": take_in,
}  # fmt: skip
