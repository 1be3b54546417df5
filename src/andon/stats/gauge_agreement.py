"""Attribute agreement: do appraisers judge parts alike, and as the reference says?"""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from andon.stats.arrays import BoolArray, IntArray, as_labels, require_between
from andon.stats.errors import InvalidOption, NoVariation, StatisticsError, TooFewValues
from andon.stats.gauge_kappa import Kappa, cohen_kappa, fleiss_kappa
from andon.stats.gauge_layout import Grouping, as_grouping
from andon.stats.results import Interval, Result

__all__ = ["AgreementLimits", "AppraiserRow", "AttributeAgreement", "PairRow", "Rate",
           "attribute_agreement"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of opportunities with its exact (Clopper-Pearson) interval; NaN without any."""

    events: int
    opportunities: int
    share: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class PairRow:
    """Cohen's kappa of two appraisers, or of one and the reference."""

    first: str
    second: str
    kappa: Kappa | None


@dataclass(frozen=True, slots=True)
class AppraiserRow:
    """One appraiser: consistency with himself, and with the reference when there is one.

    `effectiveness` counts parts whose every trial is right; `miss` and `false_alarm` count single
    judgements: a bad part accepted, a good part rejected.
    """

    name: str
    repeated: Rate
    effectiveness: Rate | None
    miss: Rate | None
    false_alarm: Rate | None
    against_reference: Kappa | None
    is_good: bool | None


@dataclass(frozen=True, slots=True)
class AgreementLimits:
    """Limits of the judgement: AIAG's defaults."""

    least_kappa: float = 0.75
    least_effectiveness: float = 0.90
    most_miss: float = 0.02
    most_false_alarm: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeAgreement(Result):
    """An attribute agreement study.

    Attributes:
        between: Cohen's kappa of every pair of appraisers, trial against trial.
        appraisers: one row per appraiser.
        fleiss: kappa over all ratings of all appraisers.
        all_agree, all_right: parts on which everybody always agreed (and with the reference).
        is_good: every kappa and every rate keeps its limit; absent without reference.
    """

    parts: int
    trials: int
    categories: tuple[str, ...]
    between: tuple[PairRow, ...]
    appraisers: tuple[AppraiserRow, ...]
    fleiss: Kappa
    all_agree: Rate
    all_right: Rate | None
    is_good: bool | None


@dataclass(frozen=True, slots=True)
class _Study:
    """Ratings as codes, appraisers x parts x trials, and the reference of every part."""

    ratings: IntArray
    truth: IntArray | None
    categories: tuple[str, ...]
    appraisers: tuple[str, ...]
    bad: int | None


def attribute_agreement(
    ratings: ArrayLike,
    parts: ArrayLike,
    appraisers: ArrayLike,
    references: ArrayLike | None = None,
    *,
    rejected: str | None = None,
    limits: AgreementLimits | None = None,
    level: float = 0.95,
) -> AttributeAgreement:
    """Return the agreement of appraisers with themselves, each other and the reference.

    Args:
        ratings: one category per row; parts, appraisers: what was judged, and by whom.
        references: the true category of the part of every row.
        rejected: the category that means "nonconforming", for misses and false alarms.
        limits: limits of the judgement.
        level: confidence level of all intervals.

    Raises:
        StatisticsError: not every appraiser judged every part equally often, or two references for
        one part; TooFewValues: fewer than two parts or appraisers; NoVariation: one category only.

    Source: AIAG MSA 4th ed. (2010), chapter III C; kappas as `cohen_kappa` and `fleiss_kappa`.

    >>> study = attribute_agreement(
    ...     ["ok", "ok", "nok", "nok", "ok", "nok"], [1, 1, 2, 2, 3, 3], ["a", "b"] * 3
    ... )
    >>> study.all_agree.share, round(study.fleiss.kappa, 4)
    (0.6666666666666666, 0.3333)
    """
    require_between("level", level, 0, 1)
    study = _study(ratings, parts, appraisers, references, rejected)
    limits = limits or AgreementLimits()
    agreed = (study.ratings == study.ratings[:1, :, :1]).all(axis=(0, 2))
    right = None if study.truth is None else agreed & (study.ratings[0, :, 0] == study.truth)
    rows = tuple(_appraiser(study, i, limits, level) for i in range(len(study.appraisers)))
    between = _between(study, level)
    judged = [row.is_good for row in rows if row.is_good is not None]
    pairs_good = all(
        pair.kappa is None or pair.kappa.kappa >= limits.least_kappa for pair in between
    )
    return AttributeAgreement(
        method="attribute_agreement",
        options={"rejected": rejected, "level": level},
        convention="pairs matched trial by trial; effectiveness per part, miss and alarm per trial",
        source="AIAG MSA 4th ed. (2010), chapter III C",
        parts=study.ratings.shape[1],
        trials=study.ratings.shape[2],
        categories=study.categories,
        between=between,
        appraisers=rows,
        fleiss=_fleiss(study, level),
        all_agree=_rate(agreed, level),
        all_right=None if right is None else _rate(right, level),
        is_good=(all(judged) and pairs_good) if judged else None,
    )


def _study(
    ratings: ArrayLike,
    parts: ArrayLike,
    appraisers: ArrayLike,
    references: ArrayLike | None,
    rejected: str | None,
) -> _Study:
    given = as_labels(ratings, what="ratings").astype(str)
    count = int(given.size)
    truth = None if references is None else as_labels(references, what="references").astype(str)
    if truth is not None and truth.shape != given.shape:
        raise StatisticsError("the references must hold one category for each rating")
    known = given if truth is None else np.concatenate([given, truth])
    categories = as_grouping(known, known.size, what="ratings", minimum=1)
    if categories.size < 2:
        raise NoVariation("ratings")
    part = as_grouping(parts, count, what="parts")
    appraiser = as_grouping(appraisers, count, what="appraisers")
    order, shape = _cells(appraiser, part)
    reference = None if truth is None else _one_per_part(categories.codes[count:], part)
    bad = _code_of(rejected, categories)
    table = categories.codes[:count][order].reshape(shape)
    return _Study(table, reference, categories.names, appraiser.names, bad)


def _cells(appraiser: Grouping, part: Grouping) -> tuple[IntArray, tuple[int, int, int]]:
    cell = appraiser.codes * part.size + part.codes
    counts = np.bincount(cell, minlength=appraiser.size * part.size)
    if counts.min() != counts.max():
        raise StatisticsError(
            "every appraiser must judge every part equally often; "
            f"the counts run from {counts.min()} to {counts.max()}"
        )
    shape = (appraiser.size, part.size, int(counts[0]))
    return cell.argsort(kind="stable").astype(np.int64), shape


def _one_per_part(truth: IntArray, part: Grouping) -> IntArray:
    chosen = np.zeros(part.size, dtype=np.int64)
    chosen[part.codes] = truth
    if (chosen[part.codes] != truth).any():
        raise StatisticsError("each part must have one reference category")
    return chosen


def _code_of(rejected: str | None, categories: Grouping) -> int | None:
    if rejected is None:
        return None
    if rejected not in categories.names:
        raise InvalidOption("rejected", rejected, "one of " + ", ".join(categories.names))
    return categories.names.index(rejected)


def _between(study: _Study, level: float) -> tuple[PairRow, ...]:
    return tuple(
        PairRow(
            study.appraisers[i],
            study.appraisers[j],
            _kappa(study.ratings[i].ravel(), study.ratings[j].ravel(), level),
        )
        for i, j in combinations(range(len(study.appraisers)), 2)
    )


def _kappa(first: IntArray, second: IntArray, level: float) -> Kappa | None:
    """Kappa, or nothing where neither used a second category (kappa is then undefined)."""
    try:
        return cohen_kappa(first, second, level=level)
    except (NoVariation, TooFewValues):
        return None


def _fleiss(study: _Study, level: float) -> Kappa:
    by_part = np.moveaxis(study.ratings, 1, 0).reshape(study.ratings.shape[1], -1)
    counts = (by_part[:, :, None] == np.arange(len(study.categories))).sum(axis=1)
    used = counts.sum(axis=0) > 0
    if used.sum() < 2:
        raise NoVariation("ratings")
    names = tuple(name for name, kept in zip(study.categories, used, strict=True) if kept)
    return fleiss_kappa(counts[:, used], categories=names, level=level)


def _appraiser(study: _Study, i: int, limits: AgreementLimits, level: float) -> AppraiserRow:
    own = study.ratings[i]
    repeated = _rate((own == own[:, :1]).all(axis=1), level)
    if study.truth is None:
        return AppraiserRow(study.appraisers[i], repeated, None, None, None, None, None)
    truth = np.broadcast_to(study.truth[:, None], own.shape)
    effectiveness = _rate((own == truth).all(axis=1), level)
    miss, alarm = _errors(own, truth, study.bad, level)
    kappa = _kappa(own.ravel(), truth.ravel(), level)
    is_good = (
        effectiveness.share >= limits.least_effectiveness
        and (kappa is None or kappa.kappa >= limits.least_kappa)
        and (miss is None or not miss.share > limits.most_miss)
        and (alarm is None or not alarm.share > limits.most_false_alarm)
    )
    return AppraiserRow(study.appraisers[i], repeated, effectiveness, miss, alarm, kappa, is_good)


def _errors(
    own: IntArray, truth: NDArray[np.int64], bad: int | None, level: float
) -> tuple[Rate | None, Rate | None]:
    if bad is None:
        return None, None
    is_bad = truth == bad
    return _rate(own[is_bad] != bad, level), _rate(own[~is_bad] == bad, level)


def _rate(hits: BoolArray, level: float) -> Rate:
    events, n = int(hits.sum()), int(hits.size)
    if n == 0:
        return Rate(0, 0, math.nan, Interval(0.0, 1.0, level))
    tail = (1 - level) / 2
    low = float(special.betaincinv(events, n - events + 1, tail)) if events else 0.0
    high = float(special.betaincinv(events + 1, n - events, 1 - tail)) if events < n else 1.0
    return Rate(events, n, events / n, Interval(low, high, level))
