"""Who may look into what drives a measure."""

from collections.abc import Mapping

from andon.records.roles import EVERYONE

PERMISSIONS: Mapping[str, tuple[str, ...]] = {"drivers.view": EVERYONE}
