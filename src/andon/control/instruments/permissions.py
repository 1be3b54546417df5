"""Who sees and who changes instruments."""

from andon.records.roles import ADM, EVERYONE, MET, QE, QM

PERMISSIONS = {
    "instruments.view": EVERYONE,
    "instruments.change": (QE, QM, MET, ADM),
}
