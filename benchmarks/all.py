"""Every benchmark one after the other, and at the end one table of what was found.

python benchmarks/all.py                 # all of them
python benchmarks/all.py ingest growth   # these
python benchmarks/all.py --kept          # the table of what was measured before
"""

import subprocess
import sys
from pathlib import Path

from _figures import RESULTS, kept, table

HERE = Path(__file__).parent
APART = {"all", "attacks", "fuzz", "fuzz_pages", "killing", "mutants", "own_rules", "trust"}
"""What `make trust` runs."""


def main() -> int:
    """Run the benchmarks named, or all; return 1 when one of them broke."""
    names = [name for name in sys.argv[1:] if name != "--kept"] or sorted(
        path.stem for path in HERE.glob("[a-z]*.py") if path.stem not in APART
    )
    broken = []
    for name in names:
        if "--kept" in sys.argv:
            break
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=False).returncode:
            broken.append(name)
    text = table(kept(names))
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "table.txt").write_text(text + "\n")
    print(f"\n{text}")
    if broken:
        print(f"\nbroken: {', '.join(broken)}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
