"""Kano: what delights, what is taken for granted, and what nobody minds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from scipy import special

from andon.stats.errors import InvalidOption, StatisticsError, TooFewValues
from andon.stats.results import Result

__all__ = ["Kano", "KanoCategory", "evaluate_kano"]

KanoCategory = Literal[
    "attractive", "one-dimensional", "must-be", "indifferent", "reverse", "questionable"
]
ANSWERS = ("like", "must be", "neutral", "live with", "dislike")
# Rows: answer when it is there; columns: when it is not (Kano 1984; Berger et al. 1993).
TABLE = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
LETTERS: dict[str, KanoCategory] = dict(zip("AOMIRQ", get_args(KanoCategory), strict=True))
DECISION_ORDER: tuple[KanoCategory, ...] = (
    "must-be",
    "one-dimensional",
    "attractive",
    "indifferent",
    "reverse",
    "questionable",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kano(Result):
    """One requirement.

    Attributes:
        category: the most frequent one; of equals the one that matters most (must-be first).
        counts: answers per category, in the order of `KanoCategory`.
        better: satisfaction gained when it is there, 0 to 1.
        worse: satisfaction lost when it is not, -1 to 0.
        strength: share of the first category less that of the second.
        p_value: chance of such a lead if the two first categories were equally frequent (exact).
        answers: pairs evaluated.
    """

    category: KanoCategory
    counts: tuple[int, ...]
    better: float
    worse: float
    strength: float
    p_value: float
    answers: int


def evaluate_kano(present: Sequence[str], absent: Sequence[str]) -> Kano:
    """Return the Kano category of a requirement from pairs of answers.

    better = (A + O) / (A + O + M + I); worse = -(O + M) / (A + O + M + I).

    Args:
        present: answers to "how do you feel if it is there": "like", "must be", "neutral",
            "live with" or "dislike".
        absent: answers of the same people to "if it is not there".

    Raises:
        TooFewValues: no answer; StatisticsError: lengths differ; InvalidOption: another word.

    Source: Kano et al. 1984; Berger et al. 1993, Center for Quality Management Journal 2(4).

    >>> evaluate_kano(["must be", "neutral", "like"], ["dislike"] * 3).category
    'must-be'
    """
    if len(present) != len(absent):
        raise StatisticsError(f"{len(present)} answers for there, {len(absent)} for not there")
    if not present:
        raise TooFewValues(1, 0, "answers")
    letters = [TABLE[_place(a)][_place(b)] for a, b in zip(present, absent, strict=True)]
    counts = {LETTERS[letter]: letters.count(letter) for letter in "AOMIRQ"}
    ranked = sorted(counts, key=lambda name: (-counts[name], DECISION_ORDER.index(name)))
    first, second = counts[ranked[0]], counts[ranked[1]]
    a, o, m, i = (counts[LETTERS[letter]] for letter in "AOMI")
    valid = a + o + m + i
    return Kano(
        category=ranked[0],
        counts=tuple(counts.values()),
        better=(a + o) / valid if valid else float("nan"),
        worse=-(o + m) / valid if valid else float("nan"),
        strength=(first - second) / len(letters),
        p_value=min(1.0, 2 * float(special.betainc(first, second + 1, 0.5))),
        answers=len(letters),
        method="evaluate_kano",
        convention="most frequent category; of equals must-be, one-dimensional, attractive, ...",
        source="Kano et al. 1984; Berger et al. 1993",
    )


def _place(answer: str) -> int:
    word = answer.strip().lower()
    if word not in ANSWERS:
        raise InvalidOption("answer", answer, "one of " + ", ".join(ANSWERS))
    return ANSWERS.index(word)
