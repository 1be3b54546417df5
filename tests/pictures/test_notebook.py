"""A result shows itself in a notebook, without stats knowing of pictures."""

import subprocess
import sys

from andon.pictures.notebook import VEGA_LITE, show
from andon.stats import capability, d2, individuals_chart
from andon.stats.catalogue import run

VALUES = [9.0, 10.0, 11.0, 10.5, 9.5, 10.2, 9.8, 10.1]


def test_a_result_shows_itself_once_pictures_are_imported() -> None:
    shown = individuals_chart(VALUES)._repr_mimebundle_()  # type: ignore[attr-defined]
    assert shown["image/svg+xml"].startswith("<svg")
    assert shown[VEGA_LITE]["title"]["text"].startswith("Individuals chart")
    assert "In control" in shown["text/plain"]


def test_with_its_columns_it_shows_what_they_are_needed_for() -> None:
    result = capability(VALUES, lower=7, upper=13)
    alone = result._repr_mimebundle_()[VEGA_LITE]  # type: ignore[attr-defined]
    whole = show(result, values=VALUES)._repr_mimebundle_()[VEGA_LITE]
    assert len(alone["concat"]) < len(whole["concat"]) == 6


def test_without_a_picture_it_shows_its_figures() -> None:
    shown = run("d2", {}, {"n": 5})._repr_mimebundle_()  # type: ignore[attr-defined]
    assert list(shown) == ["text/plain"] and str(d2(5))[:6] in shown["text/plain"]


def test_stats_alone_load_no_pictures() -> None:
    told = "print(hasattr(r, '_repr_mimebundle_'), 'vl_convert' in sys.modules)"
    code = (
        "import sys, andon.stats.pareto as p; r = p.rank_causes(['a'])\n"
        f"{told}\nimport andon.pictures\n{told}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "True", "False"]
