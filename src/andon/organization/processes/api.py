"""REST operations of processes, machines and the calendar."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from andon.organization.processes.models import Machine, Process
from andon.organization.processes.queries import working_days
from andon.records.errors import Refused
from andon.records.rest import needs
from andon.records.rest.problems import REFUSALS

router = Router(tags=["organization"])
_LONGEST_DAYS = 3660


class ProcessOut(Schema):
    """A process with its machines."""

    code: str
    name: str
    position: int
    owner: str = Field("", alias="owner.username")
    machines: list[str]

    @staticmethod
    def resolve_machines(process: Process) -> list[str]:
        """Tell machines by their codes."""
        return [machine.code for machine in process.machines.all()]


class MachineOut(Schema):
    """A machine; no shift means every shift."""

    code: str
    name: str
    process: str = Field(..., alias="process.code")
    position: int
    shifts: list[str]
    is_active: bool

    @staticmethod
    def resolve_shifts(machine: Machine) -> list[str]:
        """Tell shifts by their codes."""
        return [shift.code for shift in machine.shifts.all()]


@router.get("/processes", response={200: list[ProcessOut], **REFUSALS})
@needs("processes.view")
def list_processes(request: HttpRequest) -> Any:
    """List the processes in process order."""
    return Process.objects.select_related("owner").prefetch_related("machines")


@router.get("/processes/{path:code}", response={200: ProcessOut, **REFUSALS})
@needs("processes.view")
def read_process(request: HttpRequest, code: str) -> Any:
    """Read one process."""
    return Process.objects.select_related("owner").get(code=code)


@router.get("/machines", response={200: list[MachineOut], **REFUSALS})
@needs("processes.view")
def list_machines(request: HttpRequest) -> Any:
    """List the machines in process order."""
    return Machine.objects.select_related("process").prefetch_related("shifts")


@router.get("/machines/{path:code}", response={200: MachineOut, **REFUSALS})
@needs("processes.view")
def read_machine(request: HttpRequest, code: str) -> Any:
    """Read one machine."""
    return Machine.objects.select_related("process").get(code=code)


@router.get("/working-days", response={200: list[date], **REFUSALS})
@needs("processes.view")
def list_working_days(request: HttpRequest, since: date, until: date) -> Any:
    """List the days worked between two dates, both included; ten years at most."""
    if (until - since).days > _LONGEST_DAYS:
        raise Refused.because(_("Ask for ten years at most."), "until")
    return working_days(since, until)
