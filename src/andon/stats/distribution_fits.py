"""Maximum likelihood fits, each a closed form or one root in one unknown."""

from collections.abc import Callable

import numpy as np
from scipy import optimize, special, stats

from andon.stats.arrays import FloatArray

__all__ = ["FITS", "POSITIVE"]


def _fit_normal(x: FloatArray) -> dict[str, float]:
    return {"mean": float(x.mean()), "sigma": float(x.std())}


def _fit_lognormal(x: FloatArray) -> dict[str, float]:
    return _fit_normal(np.log(x))


def _fit_exponential(x: FloatArray) -> dict[str, float]:
    return {"scale": float(x.mean())}


def _fit_weibull(x: FloatArray) -> dict[str, float]:
    logs = np.log(x / x.max())

    def score(shape: float) -> float:
        weight = np.exp(shape * logs)
        return float(np.dot(weight, logs) / weight.sum() - 1.0 / shape - logs.mean())

    guess = 1.2825 / max(float(logs.std()), 1e-12)
    shape = float(optimize.brentq(score, guess / 50.0, guess * 50.0, xtol=1e-12, rtol=1e-12))
    scale = float(np.exp(shape * logs).mean() ** (1.0 / shape) * x.max())
    return {"shape": shape, "scale": scale}


def _fit_gamma(x: FloatArray) -> dict[str, float]:
    gap = float(np.log(x.mean()) - np.log(x).mean())

    def score(shape: float) -> float:
        return float(np.log(shape) - special.digamma(shape)) - gap

    shape = float(optimize.brentq(score, 0.1 / gap, 2.0 / gap, rtol=1e-12))
    return {"shape": shape, "scale": float(x.mean()) / shape}


def _fit_smallest_extreme(x: FloatArray) -> dict[str, float]:
    width = float(np.ptp(x))
    weibull = _fit_weibull(np.exp((x - x.max()) / width))
    return {"mode": float(x.max() + width * np.log(weibull["scale"])),
            "scale": width / weibull["shape"]}  # fmt: skip


def _fit_largest_extreme(x: FloatArray) -> dict[str, float]:
    mirrored = _fit_smallest_extreme(-x)
    return {"mode": -mirrored["mode"], "scale": mirrored["scale"]}


def _fit_logistic(x: FloatArray) -> dict[str, float]:
    mean, scale = stats.logistic.fit(x)
    return {"mean": float(mean), "scale": float(scale)}


def _fit_box_cox(x: FloatArray) -> dict[str, float]:
    centred = np.log(x) - np.log(x).mean()

    def loss(power: float) -> float:
        return float(np.log(special.boxcox(np.exp(centred), power).var()))

    power = float(optimize.minimize_scalar(loss, bounds=(-5.0, 5.0), method="bounded",
                                           options={"xatol": 1e-8}).x)  # fmt: skip
    transformed = np.asarray(special.boxcox(x, power), dtype=np.float64)
    return {"power": power, **_fit_normal(transformed)}


FITS: dict[str, Callable[[FloatArray], dict[str, float]]] = {
    "normal": _fit_normal,
    "lognormal": _fit_lognormal,
    "exponential": _fit_exponential,
    "weibull": _fit_weibull,
    "gamma": _fit_gamma,
    "smallest extreme value": _fit_smallest_extreme,
    "largest extreme value": _fit_largest_extreme,
    "logistic": _fit_logistic,
    "box-cox": _fit_box_cox,
}
POSITIVE = ("lognormal", "exponential", "weibull", "gamma", "box-cox")
