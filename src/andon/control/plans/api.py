"""REST operations of control plans."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from andon.control.plans.models import ControlPlan, PlanLine
from andon.control.plans.queries import chart_for
from andon.records.rest import needs
from andon.records.rest.problems import REFUSALS

router = Router(tags=["control"])


class PlanOut(Schema):
    """A control plan."""

    code: str
    name: str
    product: str = Field("", alias="product.code")
    revision: int
    is_effective: bool


class PlanLineOut(Schema):
    """A check of a plan; without a machine it holds for all of the process."""

    position: int
    characteristic: str = Field(..., alias="characteristic.code")
    machine: str = Field("", alias="machine.code")
    instruments: list[str]
    sample_size: int | None
    frequency: str
    chart: str
    rules: list[str]
    reaction: str
    on_finding: str
    on_out_of_specification: str
    owner_role: str

    @staticmethod
    def resolve_instruments(line: PlanLine) -> list[str]:
        """Tell instruments by their codes."""
        return [instrument.code for instrument in line.instruments.all()]

    @staticmethod
    def resolve_chart(line: PlanLine) -> str:
        """Tell the chart that is drawn, chosen when the line leaves it open."""
        return chart_for(line)


@router.get("/control-plans", response={200: list[PlanOut], **REFUSALS})
@needs("plans.view")
def list_plans(request: HttpRequest) -> Any:
    """List the control plans."""
    return ControlPlan.objects.select_related("product")


@router.get("/control-plans/{path:code}/lines", response={200: list[PlanLineOut], **REFUSALS})
@needs("plans.view")
def list_lines(request: HttpRequest, code: str) -> Any:
    """List the lines of a plan."""
    lines = ControlPlan.objects.get(code=code).lines.select_related("characteristic", "machine")
    return lines.prefetch_related("instruments")


@router.get("/control-plans/{path:code}", response={200: PlanOut, **REFUSALS})
@needs("plans.view")
def read_plan(request: HttpRequest, code: str) -> Any:
    """Read one control plan."""
    return ControlPlan.objects.select_related("product").get(code=code)
