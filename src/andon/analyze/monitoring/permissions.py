"""Who may look at charts, react to signals and change limits."""

from collections.abc import Mapping

from andon.records.roles import EVERYONE, INS, LEAD, OP, PE, QE, QM

PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "monitoring.view": EVERYONE,
    "monitoring.acknowledge": (OP, INS, QE, QM, PE, LEAD),
    "monitoring.annotate": (OP, INS, QE, QM, PE, LEAD),
    "monitoring.exclude": (QE, QM),
    "monitoring.begin_phase": (QE, QM),
}
