"""Who may let the server compute, and who keeps a result as evidence."""

from collections.abc import Mapping

from andon.records.roles import EVERYONE, LEAD, MET, PE, QE, QM

PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "studies.run": EVERYONE,
    "evidence.view": EVERYONE,
    "evidence.save": (QE, QM, MET, PE, LEAD),
}
