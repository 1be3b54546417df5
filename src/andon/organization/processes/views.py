"""Pages: the processes in process order, one process, one machine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from andon.organization.processes.models import Machine, Process
from andon.records.access import needs


@needs("processes.view")
def process_list(request: HttpRequest) -> HttpResponse:
    """Show every process with its machines, in the order in which the product is made."""
    processes = Process.objects.select_related("owner").prefetch_related("machines")
    context = {"processes": processes, "machine_count": Machine.objects.count()}
    return render(request, "processes/process_list.html", context)


@needs("processes.view")
def process_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one process with its machines and their shifts."""
    process = get_object_or_404(Process.objects.select_related("owner"), code=code)
    machines = process.machines.prefetch_related("shifts")
    context = {"process": process, "machines": machines}
    return render(request, "processes/process.html", context)


@needs("processes.view")
def machine_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one machine."""
    machine = get_object_or_404(Machine.objects.select_related("process"), code=code)
    return render(request, "processes/machine.html", {"machine": machine})
