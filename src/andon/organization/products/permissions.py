"""Who sees products and lots, who changes what is required of them, who blocks lots."""

from andon.records.roles import ADM, EVERYONE, INS, LEAD, OP, PE, QE, QM

PERMISSIONS = {
    "products.view": EVERYONE,
    "products.change": (QE, QM, PE, ADM),
    "lots.view": EVERYONE,
    "lots.record": (OP, INS, QE, QM, PE, LEAD, ADM),
    "lots.block": (QE, QM, LEAD),
    "lots.release": (QE, QM),
}
