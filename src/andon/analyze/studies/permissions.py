"""Who may let the server compute."""

from collections.abc import Mapping

from andon.records.roles import EVERYONE

PERMISSIONS: Mapping[str, tuple[str, ...]] = {"studies.run": EVERYONE}
