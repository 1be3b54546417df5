"""A fitting example of every method of the catalogue, given as JSON would give it."""

from typing import Any

import numpy as np

from andon.stats import catalogue

RNG = np.random.default_rng(20)
X = RNG.normal(10.0, 1.0, 40).round(4).tolist()
Y = RNG.normal(10.4, 1.0, 40).round(4).tolist()
PARTS = [f"p{at // 4 % 10}" for at in range(40)]
OPERATORS = [f"o{at // 2 % 2}" for at in range(40)]
LABELS = [f"m{at % 3}" for at in range(40)]
COUNTS = RNG.poisson(5, 40).tolist()
ROWS = RNG.normal(0.0, 1.0, (40, 3)).round(4).tolist()
SUBGROUPS = RNG.normal(10.0, 1.0, (40, 3)).round(4).tolist()
RUNS = [[-1, -1], [1, -1], [-1, 1], [1, 1]] * 3
RESPONSE = [1.0, 3.1, 2.0, 4.2, 1.1, 3.0, 2.2, 4.1, 0.9, 3.2, 2.1, 4.4]
RULE = {"number": 1, "kind": "beyond a control limit", "k": 1, "m": 1, "zone": 3.0}
FACTORS = {"machine": LABELS, "operator": OPERATORS}

# What an input or option of this name takes, wherever it stands.
COMMON: dict[str, Any] = {
    "values": X, "first": X, "second": Y, "before": X, "after": Y, "x": X, "y": Y,
    "subgroups": SUBGROUPS, "sessions": SUBGROUPS, "rows": ROWS, "groups": LABELS,
    "parts": PARTS, "operators": OPERATORS, "appraisers": OPERATORS, "ratings": LABELS,
    "defective": COUNTS, "defects": COUNTS, "counts": COUNTS, "sizes": [100] * 40,
    "inspected": [100] * 40, "between": COUNTS, "times": [abs(x) + 1 for x in X],
    "factors": FACTORS, "levels": FACTORS, "predictors": {"x": Y}, "response": X,
    "references": [10.0, 11.0] * 20, "p_values": [0.001, 0.2, 0.04], "causes": LABELS,
    "present": ["like", "neutral"] * 20, "absent": ["dislike", "live with"] * 20,
    "passed": [90, 95], "started": [100, 100], "uncertainties": [3.0, 4.0],
    "table": [[44, 6], [3, 97]], "points": X, "quality": [0.01, 0.05],
    "target": 9.5, "lower": 5.0, "upper": 15.0, "sigma": 1.0, "margin": 1.0, "shift": 1.0,
    "reference": 10.0, "tolerance": 6.0, "within_sigma": 1.0, "baseline_mean": 10.0,
    "family": "normal", "shape": 2.0, "mission": 1.0, "lot_size": 500, "aql": 1.0,
    "letter": "J", "stages": [{"size": 50, "accept": 1, "reject": 2}],
    "producer_quality": 0.01, "consumer_quality": 0.08, "limiting_quality": 0.05,
    "n": 5, "share": 0.001, "rules": "nelson", "rule": RULE, "mask": 1, "count": 3,
    "nonconforming": 1, "units": 100.0, "power": 0.9, "proportion": 0.95, "confidence": 0.9,
    "first_count": 5, "first_inspected": 100, "second_count": 15, "second_inspected": 100,
    "rate": 1.0, "ratio": 2.0, "reliability": 0.9, "probability": 0.9, "part_sd": 2.0,
    "gauge_sd": 0.5, "sample_size": 10, "k": 1.5, "expected": 1.6, "at_least": 1.33,
}  # fmt: skip


def options_of(name: str, **options: Any) -> dict[str, Any]:
    """Return the result of another method, as it would stand in a file."""
    found: dict[str, Any] = catalogue.run(name, {}, options).to_dict()
    return found


def own(name: str) -> dict[str, Any]:
    """Return what only this method takes by that name."""
    design = {"factors": ["heat", "time"]}
    found: dict[str, Any] = {
        "analyze_experiment": {"response": RESPONSE, "runs": RUNS, **design},
        "plan_factorial": design, "plan_central_composite": design,
        "plan_box_behnken": {"factors": ["a", "b", "c"]}, "plan_plackett_burman": design,
        "find_aliases": {"factors": 4, "generators": ["D=ABC"]},
        "analyze_two_factors": {"first": LABELS, "second": OPERATORS},
        "compare_group_medians": {"groups": [X, Y]}, "compare_group_ranks": {"groups": [X, Y]},
        "compare_spreads": {"groups": [X, Y]}, "fleiss_kappa": {"counts": [[3, 0], [0, 3], [2, 1]]},
        "cohen_kappa": {"first": LABELS, "second": LABELS[1:] + LABELS[:1]},
        "attribute_capability": {"nonconforming": 2, "inspected": 100},
        "compare_proportion_to": {"inspected": 100, "target": 0.1},
        "compare_rate_to": {"inspected": 100.0, "target": 0.1},
        "compare_cells_with_rest": {"counts": [2, 3, 19], "inspected": [100, 100, 100]},
        "rank_causes": {"counts": COUNTS}, "fit_regression": {"response": X},
        "measure_defects": {"defects": 5.0}, "measure_nonconforming": {"inspected": 100},
        "plan_groups": {"means": [1.0, 2.0, 3.0]}, "plan_mean": {"sigma": 1.0},
        "plan_proportion": {"target": 0.1, "actual": 0.2},
        "plan_proportions": {"first": 0.1, "second": 0.3},
        "plan_equal_means": {"margin": 1.0}, "show_equal_proportions": {"margin": 0.3},
        "box_cox": {"power": 0.5}, "evaluate_kano": {}, "d2_star": {"groups": 10},
        "judge_effect": {"interval": {"low": 0.1, "high": 0.5, "level": 0.95},
                         "direction": "decrease", "target": 0.8, "given": 50},
        "judge_gauge": {"percent_study": 20.0, "percent_tolerance": 15.0, "categories": 6},
        "score_quality_house": {"relations": [[9, 1], [0, 3]], "needs": ["light", "strong"],
                                "characteristics": ["mass", "wall"], "weights": [2, 1]},
        "mewma_chart": {"baseline": {"mean": [0.0] * 3, "covariance": np.eye(3).tolist(),
                                     "count": 100}},
        "mewma_limit": {"weight": 0.1, "p": 2}, "roll_yields": {},
        "freeze_baseline": {"subgroups": SUBGROUPS},
        "distribution_free_tolerance": {"values": X * 3},
        "gauge_range": {
            "values": X[:20],
            "parts": [at // 2 for at in range(20)],
            "operators": [at % 2 for at in range(20)],
        },
        "rules_run_length": {"rules": "western electric"},
    }  # fmt: skip
    given: dict[str, Any] = found.get(name, {})
    return given | chained(name)


def chained(name: str) -> dict[str, Any]:
    """Return what a method takes that is the result of another one."""
    if name == "write_run_sheet":
        design = options_of("plan_factorial", factors="heat,time")
        return {"design": design, "lows": [1, 2], "highs": [3, 4], "seed": 1}
    if name == "judge_by_variables":
        plan = options_of("variables_plan_for_aql", lot_size=500, aql=1.0)
        return {"plan": plan, "values": X[: plan["sample_size"]]}
    if name == "judge_lot":
        return {"plan": options_of("sampling_plan", lot_size=500, aql=1.0)}
    if name == "find_optimum":
        options = {"factors": "heat,time", "model": "quadratic"}
        runs = {"response": [1.0, 3.1, 2.0, 4.2, 2.1, 3.6, 2.2, 3.4, 4.0, 4.1],
                "runs": [[-1, -1], [1, -1], [-1, 1], [1, 1], [-1, 0], [1, 0], [0, -1], [0, 1],
                         [0, 0], [0, 0]]}  # fmt: skip
        return {"experiment": catalogue.run("analyze_experiment", runs, options).to_dict()}
    if name == "predict":
        line = catalogue.run("fit_regression", {"response": X, "predictors": {"x": Y}}).to_dict()
        return {"regression": line, "at": {"x": [9.0, 10.0]}}
    return {}


# Those whose input is an object of another method that no result carries.
WITHOUT = {
    "accept_supplier_action": "takes the switching state that lots before it made",
    "next_state": "takes the switching state that lots before it made",
    "forecast_out_of_specification": "takes a finding of a monitored stream",
    "within_sigma": "takes the moments of subgroups that as_subgroups returns",
}


def example(name: str) -> dict[str, Any]:
    """Return what the method runs on."""
    method = catalogue.describe(name)
    names = {each.name for each in method.parameters}
    wanted = {each.name for each in method.parameters if each.is_required}
    if name.startswith("plan_") and {"count", "power"} <= names:
        wanted.add("power")
    if name in ("capability", "quantile_capability", "judge_by_variables"):
        wanted |= {"lower", "upper"}
    given = {each: COMMON[each] for each in wanted if each in COMMON} | own(name)
    if name == "compare_capability":
        given |= {"lower_limit": 5.0, "upper_limit": 15.0}
    return given
