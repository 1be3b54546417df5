"""Who sees how the installation itself does."""

from collections.abc import Mapping

from andon.records.roles import ADM, SYS

PERMISSIONS: Mapping[str, tuple[str, ...]] = {"operations.view": (ADM, SYS)}
