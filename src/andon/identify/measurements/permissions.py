"""Who may send measurements and who may read them."""

from collections.abc import Mapping

from andon.records.roles import EVERYONE, INS, LEAD, MET, OP, PE, QE, QM

PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "measurements.record": (OP, INS, QE, QM, PE, LEAD, MET),
    "measurements.view": EVERYONE,
    "measurements.import": (INS, QE, QM, PE, LEAD, MET),
    "measurements.correct": (QE, QM),
}
