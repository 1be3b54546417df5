"""Who sees and who changes suppliers and customers."""

from andon.records.roles import ADM, EVERYONE, QE, QM

PERMISSIONS = {
    "partners.view": EVERYONE,
    "partners.change": (QE, QM, ADM),
}
