"""An instrument that must not be used is refused with the reason."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from andon.control.instruments.models import Instrument
from andon.control.instruments.queries import refusal_to_use, usability
from andon.control.instruments.services import refuse_unusable
from andon.records.errors import Conflict
from andon.records.trail.context import acting

MIC_07 = Instrument(code="MIC-07", name="Micrometer", kind="micrometer", due_on=date(2025, 6, 2))


def test_an_instrument_is_usable_on_its_due_date_and_overdue_after_it() -> None:
    assert usability(MIC_07, date(2025, 6, 2)).is_usable
    with pytest.raises(Conflict) as refused:
        refuse_unusable(MIC_07, on=date(2025, 6, 3))
    assert str(refused.value) == "MIC-07 is overdue for calibration since 2 June 2025."


@pytest.mark.parametrize("status", ["quarantined", "in calibration", "retired", "reference only"])
def test_an_instrument_out_of_use_is_refused_by_its_status(status: str) -> None:
    instrument = Instrument(code="SF-02", status=status)
    with pytest.raises(Conflict, match=f"SF-02 is {status}"):
        refuse_unusable(instrument, on=date(2025, 6, 3))


def test_an_unknown_instrument_is_refused() -> None:
    with pytest.raises(Conflict, match="unknown"):
        refuse_unusable(None, on=date(2025, 6, 3))


def test_an_instrument_without_due_date_needs_no_calibration() -> None:
    assert refusal_to_use(Instrument(code="GO-1"), date(2099, 1, 1)) == ""


@pytest.mark.parametrize(
    "values",
    [
        {"calibrated_on": date(2025, 6, 2), "due_on": date(2025, 6, 1)},
        {"resolution": 0.0},
        {"maximum_permissible_error": -0.1},
    ],
)
def test_a_contradiction_is_refused_by_the_database(system: Any, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), acting(system):
        Instrument.objects.create(code="X", name="X", kind="gauge", **values)
