"""The demo factory's file says what the demo factory's generator draws."""

from pathlib import Path
from typing import Any

import pytest

from andon.control.instruments.queries import refusal_to_use
from andon.control.plans.master_data import load_master
from andon.control.plans.queries import line_for
from andon.demo.calendar import working_days
from andon.demo.generator import SERIES, Series, instrument_of
from andon.demo.generator_counts import DEFECT_SHARES, SPRING_SUPPLIERS
from andon.demo.generator_lots import shipments
from andon.organization.partners.models import Partner
from andon.organization.processes.models import Machine
from andon.organization.processes.queries import Calendar
from andon.organization.products.models import Characteristic

FACTORY = Path(__file__).parents[2] / "src" / "andon" / "demo" / "factory.toml"


@pytest.fixture
def larkfield(system: Any) -> None:
    """The loaded factory."""
    assert load_master(FACTORY, actor=system).refused == []


@pytest.mark.parametrize("series", SERIES, ids=[series.characteristic for series in SERIES])
def test_specification_and_sampling_are_those_drawn(larkfield: None, series: Series) -> None:
    stated = Characteristic.objects.get(code=series.characteristic)
    limits = (stated.lower_specification, stated.upper_specification)
    assert limits == (series.lower, series.upper)
    assert stated.resolution == 10.0**-series.decimals
    assert (stated.model == "log") == series.is_logarithmic
    for machine in Machine.objects.filter(code__in=series.machines):
        assert machine.process == stated.process
        line = line_for(stated, machine)
        assert line is not None
        assert line.sample_size == series.size
        allowed = {instrument.code: instrument for instrument in line.instruments.all()}
        for day in working_days():
            for shift in series.shifts:
                used = allowed[instrument_of(series.characteristic, machine.code, day, shift)]
                assert refusal_to_use(used, day) == ""


def test_every_defect_code_supplier_customer_and_working_day_is_known(larkfield: None) -> None:
    counted = Characteristic.objects.filter(kind="attribute")
    assert set(counted.values_list("code", flat=True)) == set(DEFECT_SHARES)
    partners = set(Partner.objects.values_list("code", flat=True))
    assert partners >= {*SPRING_SUPPLIERS, *(shipment.customer for shipment in shipments())}
    days = working_days()
    year = (days[0].replace(day=1), days[-1].replace(day=31))
    assert tuple(Calendar.load().working_days(*year)) == days
