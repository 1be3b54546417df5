"""The figures of trust: every drill one after the other, then one table; `make trust` runs it.

python benchmarks/trust.py            # all, most of an hour
python benchmarks/trust.py attacks    # parts whose names contain a word
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from _figures import RESULTS, keep, table

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PYTEST = (str(BIN / "pytest"), "-q", "-p", "no:cacheprovider")
POSTGRES = (sys.executable, str(ROOT / "tests" / "postgres.py"))
Told = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Part:
    """A drill: what it shows, its aim, its command, and how its output is read."""

    name: str
    aim: str
    command: Sequence[str]
    read: Callable[[str, int], Told]
    more: tuple[tuple[str, str], ...] = ()


def last_line(output: str, status: int) -> Told:
    """Read a drill that says what it found in its last line, and ends with 0 when all is well."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return (lines[-1] if lines else "nothing was said"), status == 0


def killed(_output: str, status: int) -> Told:
    """Tell what the kills lost, doubled or left in part, over all drills."""
    told = json.loads((RESULTS / "kills.json").read_text())
    drills = [one for one in told.values() if isinstance(one, dict)]
    sums = {
        name: sum(int(one.get(name, 0)) for one in drills)
        for name in ("kills", "acknowledged", "lost", "doubled", "partial")
    }
    return ", ".join(f"{count} {name}" for name, count in sums.items()), status == 0


def walked(output: str, status: int) -> Told:
    """Read on each database how many edges were walked and how many mutants were noticed."""
    found = re.findall(r"edges walked (\d+/\d+).*?mutants killed (\d+/\d+)", output)
    return "; ".join(f"edges {edges}, mutants {mutants}" for edges, mutants in found), status == 0


def passed(output: str, status: int) -> Told:
    """Read how many tests passed."""
    told = re.findall(r"\d+ (?:passed|failed|error\w*|skipped)", output)
    return ", ".join(told) or "no test ran", status == 0 and bool(told)


def attacked(output: str, status: int) -> Told:
    """Read how many attacks were located on each database, and the false alarms."""
    found = re.findall(r"found and located: (\d+/\d+)|false alarms: (\d+/\d+)", output)
    return ", ".join("".join(pair) for pair in found), status == 0


def cells(output: str, status: int) -> Told:
    """Count the cells of the permission matrix, all of which were tried."""
    rows = (ROOT / "tests" / "trust" / "permission_matrix.csv").read_text().splitlines()
    count = (len(rows) - 1) * (len(rows[0].split(",")) - 2)
    return f"{count} cells; {passed(output, status)[0]}", status == 0


def components(_output: str, status: int) -> Told:
    """Count the components that the software bill of materials names."""
    told = json.loads((ROOT / "build" / "sbom.json").read_text())
    return f"{len(told['components'])} components in build/sbom.json", status == 0


def weaknesses(output: str, _status: int) -> Told:
    """Count bandit's findings of high severity; exceptions are named with reasons in the code."""
    found = json.loads(output)["results"]
    high = [one for one in found if one["issue_severity"] == "HIGH"]
    return f"{len(high)} high", not high


def audited(output: str, _status: int) -> Told:
    """Tell how many libraries the audit of known weaknesses could look at."""
    try:
        told = json.loads(output)["dependencies"]
    except ValueError:
        return "NOT AUDITED: the database of known weaknesses cannot be reached", True
    missed = [one for one in told if "skip_reason" in one]
    weak = [one["name"] for one in told if one.get("vulns")]
    note = f"; NOT AUDITED: {len(missed)} of {len(told)}" if missed else ""
    return f"{len(weak)} with known weaknesses{note}", not weak


def hashed(_output: str, _status: int) -> Told:
    """Tell whether every locked library has its hashes."""
    text = (ROOT / "requirements.lock").read_text()
    entries = re.split(r"\n(?=[a-zA-Z0-9])", text)
    libraries = [entry for entry in entries if "==" in entry.split("\n")[0]]
    bare = [entry.split("==")[0] for entry in libraries if "--hash=sha256:" not in entry]
    return f"{len(libraries)} libraries, {len(bare)} without hash", not bare


def on_both(
    name: str,
    aim: str,
    *paths: str,
    read: Callable[[str, int], Told] = passed,
    more: tuple[tuple[str, str], ...] = (),
) -> list[Part]:
    """Return the part on SQLite and the same on PostgreSQL."""
    return [
        Part(f"{name}, SQLite", aim, (*PYTEST, *paths), read, more),
        Part(f"{name}, PostgreSQL", aim, (*POSTGRES, *PYTEST, *paths), read, more),
    ]


def script(name: str, *words: str) -> tuple[str, ...]:
    """Return the command of a drill in this folder."""
    return (sys.executable, str(ROOT / "benchmarks" / f"{name}.py"), *words)


WRITERS = (("ANDON_WRITERS", "32"), ("ANDON_DATABASE_POOL_SIZE", "40"))
EVERY_CELL = (("ANDON_EVERY_CELL", "1"),)
LOCK = str(ROOT / "requirements.lock")
PARTS = (
    Part("kills at every creating address, both databases, torn logs, full disk",
         "200 each: 0 lost, doubled, partial", script("killing", "200", "200"), killed),
    Part("attacks on the trail, both databases", "all located, 0 false alarms of 100",
         script("attacks"), attacked),
    Part("stateful machine and mutants, both databases", "every edge, every mutant killed",
         script("mutants"), walked),
    *on_both("permission matrix", "0 wrong cells", "tests/trust/test_permission_matrix.py",
             read=cells, more=EVERY_CELL),
    Part("API fuzz, SQLite", ">= 1000 calls, 0 wrong", script("fuzz"), last_line),
    Part("API fuzz, PostgreSQL", ">= 1000 calls, 0 wrong", (*POSTGRES, *script("fuzz")),
         last_line),
    Part("every page and form with hostile values", "0 failures of our own", script("fuzz_pages"),
         last_line),
    *on_both("hostile files and bodies", "each as expected", "tests/hostile"),
    *on_both("32 writers", "applied = acknowledged", "tests/records/test_concurrency.py",
             "tests/identify/measurements/test_together.py", more=WRITERS),
    Part("every page in a browser", "0 violations of the policy", (*PYTEST, "tests/browser"),
         passed),
    Part("backup, restore and move, between both databases", "equal",
         (*PYTEST, "tests/records/keeping", "tests/records/moving"), passed),
    *on_both("the 36 requirements and ASVS", "each by its tests", "tests/trust"),
    Part("bandit", "0 high", (str(BIN / "bandit"), "-q", "-r", "src", "-f", "json"), weaknesses),
    Part("own rules of semgrep", "0 found without a reason", script("own_rules"), last_line),
    Part("lock file", "every library with hashes", ("true",), hashed),
    Part("bill of materials", "written", (str(BIN / "cyclonedx-py"), "requirements", LOCK, "--of",
         "JSON", "-o", "build/sbom.json"), components),
    Part("audit of known weaknesses", "0, or NOT AUDITED", (str(BIN / "pip-audit"), "-r", LOCK,
         "--disable-pip", "--no-deps", "-f", "json", "--progress-spinner", "off"), audited),
)  # fmt: skip


def run(part: Part) -> tuple[str, str, str, bool]:
    """Run a part and return its line of the table."""
    print(f"== {part.name}", flush=True)
    done = subprocess.run(
        part.command, cwd=ROOT, env={**os.environ, **dict(part.more)}, check=False, text=True,
        capture_output=True,
    )  # fmt: skip
    (RESULTS / "trust").mkdir(parents=True, exist_ok=True)
    log = RESULTS / "trust" / f"{re.sub('[^a-z0-9]+', '-', part.name.lower())}.txt"
    log.write_text(done.stdout + done.stderr)
    figure, holds = part.read(done.stdout, done.returncode)
    print(f"   {figure}{'' if holds else f'   MISSED, see {log.relative_to(ROOT)}'}", flush=True)
    return part.name, figure, part.aim, holds


def main() -> int:
    """Run the parts that are named, or all; return 1 when one missed its aim."""
    words = sys.argv[1:]
    (ROOT / "build").mkdir(exist_ok=True)
    parts = [part for part in PARTS if not words or any(word in part.name for word in words)]
    lines = [run(part) for part in parts]
    keep("trust", lines)
    print("\n" + table({"trust": [*lines]}))
    return 0 if all(line[3] for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
