"""The corrective actions of the demo year, as data: who did what about which problem, and when."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Argued:
    """A cause, the whys below it, and the evidence that decided."""

    kind: str
    category: str
    statement: str
    whys: tuple[tuple[str, str], ...]
    evidence_kind: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An action against the cause of that place in the case."""

    cause: int
    text: str
    strength: str
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One corrective action from its opening to the signature under its verdict."""

    title: str
    characteristic: str
    machine: str
    pieces: int
    opened_on: date
    approved_on: date
    implemented_on: date
    signed_on: date
    """The first working morning after the check on which the quality manager signs."""
    is_effective: bool
    statement: str
    containment: str
    causes: tuple[Argued, ...]
    actions: tuple[Chosen, ...]
    risk: str
    plan: dict[str, Any]
    updates: dict[str, tuple[bool, str]]
    read_across: tuple[tuple[str, str], ...]
    cost_per_defect: str = ""
    is_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A nonconformity for which a correction was enough: its action was not needed."""

    title: str
    defect: str
    machine: str
    pieces: int
    reported_on: date
    reason: str = field(default="")


CORRECTIONS = (
    Correction(
        title="Labels of two boxes exchanged", defect="wrong label", machine="T2", pieces=400,
        reported_on=date(2025, 1, 14), reason="One mix-up, both boxes found in the store.",
    ),
    Correction(
        title="Scratched barrels after the tray was dropped", defect="scratch", machine="L5",
        pieces=60, reported_on=date(2025, 1, 28), reason="One accident; the tray was scrapped.",
    ),
    Correction(
        title="Plating bath topped up late", defect="dull gold", machine="PL1", pieces=1200,
        reported_on=date(2025, 2, 11), reason="Parts were in specification after re-measuring.",
    ),
    Correction(
        title="Two probes with bent plungers in a box", defect="bent plunger", machine="A3",
        pieces=500, reported_on=date(2025, 2, 25), reason="Sorted; two of 500, the usual level.",
    ),
    Correction(
        title="Tester T1 stopped with a worn contact block", defect="contact block worn",
        machine="T1", pieces=240, reported_on=date(2025, 3, 6),
        reason="The block was due; the parts were tested again.",
    ),
)  # fmt: skip

WEAR = Case(
    title="Plunger diameter on lathe L3 drifts upwards",
    characteristic="PD", machine="L3", pieces=8640,
    opened_on=date(2025, 3, 12), approved_on=date(2025, 3, 28),
    implemented_on=date(2025, 3, 31), signed_on=date(2025, 6, 2), is_effective=True,
    statement="The mean of the plunger diameter on L3 rose by 2.2 µm in five working days.",
    containment="Lots since 5 March held and measured at 20 pieces each; none outside 0.750 mm.",
    causes=(
        Argued(
            kind="occurrence", category="machine",
            statement="The insert life counter of L3 was set to 40,000 instead of 14,000 parts",
            whys=(
                ("The insert wore beyond its life", "flank wear 0.31 mm under the microscope"),
                ("The counter allowed 40,000 parts", "counter record T-0312 of 3 March"),
            ),
            evidence_kind="on/off test",
            evidence="New insert: mean back at 0.7400 mm; worn insert put back: 0.7455 mm.",
        ),
        Argued(
            kind="non-detection", category="method",
            statement="Nobody compares the counter with the tool list when an insert is changed",
            whys=(("The change sheet has no line for the counter", "change sheet WI-031, rev. B"),),
            evidence_kind="data split",
            evidence="Lathes L1, L2 and L4 with counters at 14,000: no shift in the same weeks.",
        ),
    ),
    actions=(
        Chosen(
            cause=0, text="Lock the tool life of every lathe at 14,000 parts in the control",
            strength="engineer", evidence="Parameter locked on L1 to L4, seen at the machines",
        ),
        Chosen(
            cause=1, text="Add the counter to the change sheet, checked by the shift lead",
            strength="administrative", evidence="Change sheet WI-031 rev. C in use",
        ),
    ),
    risk="More insert changes: two minutes per shift and lathe.",
    plan={
        "metric": "mean", "baseline_since": date(2025, 1, 2), "baseline_until": date(2025, 2, 28),
        "target": 0.5, "check_on": date(2025, 5, 30), "minimum_n": 60, "machines": ["L3"],
    },
    updates={
        "FMEA": (True, "Row “diameter too large”: prevention now a locked counter."),
        "control plan": (True, "Reaction plan of L3 names the counter T-0312."),
        "documents": (True, "Change sheet WI-031 rev. C."),
        "training": (False, "Nothing new to be able to do."),
        "supplier": (False, "Not concerned."),
    },
    read_across=(("Lathes L1, L2, L4", "Same lock, done."), ("Lathes L5, L6", "Already locked.")),
    is_not="lathes L1, L2 and L4",
)  # fmt: skip

BURR = Case(
    title="Burr at assembly: new deburring brush",
    characteristic="BURR", machine="A1", pieces=1200,
    opened_on=date(2025, 3, 20), approved_on=date(2025, 4, 15),
    implemented_on=date(2025, 4, 15), signed_on=date(2025, 6, 16), is_effective=False,
    statement="Burr is the most frequent defect: 0.59 % of all pieces inspected since January.",
    containment="Pieces with burr are sorted out at the cell, as every day.",
    causes=(
        Argued(
            kind="occurrence", category="method",
            statement="The deburring brush does not reach the collar",
            whys=(("The bristles are too short for the new collar", "brush 6 mm, collar 8 mm"),),
            evidence_kind="reproduction",
            evidence="Twenty parts deburred by hand with a long brush: no burr.",
        ),
        Argued(
            kind="non-detection", category="method",
            statement="Burr is looked for only at assembly",
            whys=(("Turning checks the diameter only", "control plan CP-P75"),),
            evidence_kind="data split",
            evidence="Burr found at assembly comes from all six lathes alike.",
        ),
    ),
    actions=(
        Chosen(
            cause=0, text="Longer deburring brush on all lathes", strength="engineer",
            evidence="Brush 9 mm mounted on L1 to L6",
        ),
        Chosen(
            cause=1, text="Look for burr once an hour at turning", strength="detect",
            evidence="Check added to the station sheet",
        ),
    ),
    risk="A longer brush could touch the tip; first parts are looked at.",
    plan={
        "metric": "rate", "baseline_since": date(2025, 1, 2), "baseline_until": date(2025, 4, 14),
        "target": 0.5, "check_on": date(2025, 6, 13), "minimum_n": 100_000, "machines": [],
    },
    updates={
        "FMEA": (True, "Row “burr at the collar”: detection at turning added."),
        "control plan": (False, "The hourly look is on trial."),
        "documents": (True, "Station sheet of the lathes."),
        "training": (False, "Nothing new to be able to do."),
        "supplier": (False, "Not concerned."),
    },
    read_across=(("Cells A2 and A3", "Parts come from the same lathes; included."),),
    cost_per_defect="0.09",
    is_not="bent or stained pieces",
)  # fmt: skip

NIGHT = Case(
    title="Crimp defects on cell A2, night shift",
    characteristic="CRIMP", machine="A2", pieces=2050,
    opened_on=date(2025, 7, 8), approved_on=date(2025, 9, 15),
    implemented_on=date(2025, 9, 15), signed_on=date(2025, 11, 17), is_effective=True,
    statement="Night shift on A2 makes 1.50 % crimp defects, 5 times the rate of the others.",
    containment="Night-shift lots of A2 are inspected at 100 % since 8 July.",
    causes=(
        Argued(
            kind="occurrence", category="man",
            statement="Two people of the night shift were not qualified for the roll-crimp set-up",
            whys=(
                ("The crimp height was set by eye", "set-up sheets of nights 1 to 4 July"),
                ("Nobody on the shift had level 3", "skills matrix of 1 July"),
            ),
            evidence_kind="data split",
            evidence="Nights with a qualified setter 0.28 %, nights without 1.62 %.",
        ),
        Argued(
            kind="non-detection", category="measurement",
            statement="The crimp height is not measured after a set-up",
            whys=(("The control plan asks for length only", "control plan CP-P75"),),
            evidence_kind="reproduction",
            evidence="A set-up 0.05 mm off passed every check of the cell.",
        ),
    ),
    actions=(
        Chosen(
            cause=0, text="Qualify both for level 3; no set-up without a level 3 setter",
            strength="administrative", evidence="Qualification records of 12 September",
        ),
        Chosen(
            cause=1, text="Crimp-height gauge that stops the cell outside ±0.02 mm",
            strength="engineer", evidence="Gauge mounted on A2, stop tested with a wrong set-up",
        ),
    ),
    risk="The stop could halt the cell for a worn gauge; it is checked weekly.",
    plan={
        "metric": "rate", "baseline_since": date(2025, 7, 1), "baseline_until": date(2025, 9, 12),
        "target": 0.5, "check_on": date(2025, 11, 14), "minimum_n": 10_000,
        "machines": ["A2"], "shifts": ["N"],
    },
    updates={
        "FMEA": (True, "Row “crimp loose”: occurrence 5 to 3, from data."),
        "control plan": (True, "A2: crimp height after each set-up."),
        "documents": (True, "Work instruction WI-112 rev. C."),
        "training": (True, "Two people qualified, eleven of eleven read WI-112."),
        "supplier": (False, "Not concerned."),
    },
    read_across=(("Cells A1 and A3", "Same gauge ordered; set-up only by level 3, done."),),
    cost_per_defect="0.38",
    is_not="cells A1 and A3, early and late shift",
)  # fmt: skip

CASES = (WEAR, BURR, NIGHT)
