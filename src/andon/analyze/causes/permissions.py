"""Who argues about causes and who decides on the evidence."""

from collections.abc import Mapping

from andon.records.roles import EVERYONE, INS, LEAD, PE, QE, QM

PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "causes.view": EVERYONE,
    "causes.propose": (QE, QM, PE, LEAD, INS),
    "causes.verify": (QE, QM, PE),
}
