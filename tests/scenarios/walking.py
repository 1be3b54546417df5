"""A caller of the REST interface, and a factory that measures a good or a bad day."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from django.test import Client

from andon.records import clock


@dataclass
class Caller:
    """Somebody with a token."""

    secret: str

    def get(self, path: str) -> Any:
        """Read, and expect it to be there."""
        answer = Client().get(f"/api/v1{path}", headers=self._headers())
        assert answer.status_code == 200, (path, answer.content)
        return answer.json()

    def send(self, path: str, body: Any, *, method: str = "post", expect: int | None = None) -> Any:
        """Send a body and expect it to be taken, or the status that is named."""
        answer = getattr(Client(), method)(
            f"/api/v1{path}", json.dumps(body), content_type="application/json",
            headers=self._headers(),
        )  # fmt: skip
        good = {expect} if expect else {200, 201}
        assert answer.status_code in good, (path, answer.status_code, answer.content)
        return answer.json()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


def evening(day: date) -> datetime:
    """Return half past nine in the evening of a day at the site."""
    return datetime.combine(day, datetime.min.time(), clock.site_zone()) + timedelta(hours=21.5)


def working_days(first: date, count: int) -> list[date]:
    """Return that many days from Monday to Friday."""
    days, day = [], first
    while len(days) < count:
        if day.isoweekday() <= 5:
            days.append(day)
        day += timedelta(days=1)
    return days


def day_of_measurements(day: date, *, shift_of_l3: float = 0.0) -> list[dict[str, str]]:
    """Return what two lathes measure in the early and late shift of a day."""
    noise = np.random.default_rng(day.toordinal())
    rows = []
    for machine in ("L1", "L3"):
        for shift, hour in (("E", 8), ("L", 16)):
            middle = 0.74 + noise.normal(0, 0.0003) + (shift_of_l3 if machine == "L3" else 0)
            for place in range(5):
                at = datetime.combine(day, datetime.min.time(), clock.site_zone())
                rows.append(
                    {
                        "characteristic": "PD", "machine": machine, "unit": "mm",
                        "value": f"{middle + noise.normal(0, 0.002):.4f}",
                        "lot": f"PD-{machine}-{day:%y%m%d}-{shift}", "instrument": "MIC-01",
                        "measured_at": (at + timedelta(hours=hour, minutes=2 * place)).isoformat(),
                    }
                )  # fmt: skip
    return rows
