"""Who sees and who changes processes, machines, shifts and the calendar."""

from andon.records.roles import ADM, EVERYONE, PE, QM

PERMISSIONS = {
    "processes.view": EVERYONE,
    "processes.change": (QM, PE, ADM),
}
