"""Who sees and changes control plans, and who loads the master data."""

from andon.records.roles import ADM, EVERYONE, PE, QE, QM

PERMISSIONS = {
    "plans.view": EVERYONE,
    "plans.change": (QE, QM, PE),
    "master_data.load": (QM, ADM),
    "master_data.export": (QE, QM, PE, ADM),
}
