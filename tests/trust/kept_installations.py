"""Writes the installation that a release leaves behind, so that every later one is tried on it.

Run `python tests/trust/kept_installations.py` at a release, once its version is set: a small one
is built, anchored and backed up to tests/trust/kept/VERSION.zip. Nothing is released yet.
"""

import sys
import tempfile
from pathlib import Path

KEPT = Path(__file__).parent / "kept"


def main() -> None:
    """Build a small installation by this version and keep its backup."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from andon import __version__
    from records.moving.installations_at_hand import build

    KEPT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        made = build(Path(folder))
        made.told("anchor")
        made.told("backup", str(KEPT / f"{__version__}.zip"))


if __name__ == "__main__":
    main()
