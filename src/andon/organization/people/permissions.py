"""Who sees and who changes the list of people."""

from andon.records.roles import ADM, OFFICE, QM

PERMISSIONS = {
    "people.view": OFFICE,
    "people.change": (QM, ADM),
}
