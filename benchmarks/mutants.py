"""Walk every workflow, and then Andon with one rule taken away at a time: each must be noticed.

`python benchmarks/mutants.py [SEEDS] [MOVES]`, on SQLite and PostgreSQL. First every edge and every
illegal step as every role, then walks at random whose records stay, then the mutants.
"""

import json
import os
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "machine.json"


def main() -> int:
    """Walk in this process's database, or in a process for each of both."""
    if "--here" in sys.argv:
        return walk_here(*map(int, sys.argv[2:]))
    asked = [*sys.argv[1:], *("4", "80")[len(sys.argv) - 1 :]]
    here = [sys.executable, __file__, "--here", *asked]
    own = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}",
           "DJANGO_SETTINGS_MODULE": "settings_for_tests"}  # fmt: skip
    told, wrong = [], False
    for command in (here, [sys.executable, str(ROOT / "tests" / "postgres.py"), *here]):
        done = subprocess.run(command, env=own, check=False, stdout=subprocess.PIPE, text=True)
        lines = done.stdout.splitlines()
        print("\n".join(lines[:-1]), flush=True)
        wrong = wrong or done.returncode != 0
        told.append(json.loads(lines[-1]) if lines else {})
    RESULTS.write_text(json.dumps(told, indent=1) + "\n")
    return 1 if wrong else 0


def walk_here(seeds: int, moves: int) -> int:
    """Build the small factory, walk, and tell what was found."""
    import django

    django.setup()
    from django.db import connection, transaction
    from django.test.utils import setup_databases, teardown_databases

    from andon.records import clock
    from edges.people import create_people
    from small_factory import NOON, build_small_factory

    kept = setup_databases(verbosity=0, interactive=False)
    with transaction.atomic(), clock.fixed(NOON.replace(month=12)):
        build_small_factory()
        told: dict[str, Any] = {
            "database": connection.vendor,
            **walked(create_people, seeds, moves),
        }
        transaction.set_rollback(True)
    teardown_databases(kept, verbosity=0)
    print(f"{told['database']}: edges walked {told['walked']}/{told['edges']},"
          f" refused {told['refused']}, mutants killed {told['killed']}/{told['mutants']}"
          f" ({told['seconds']:.0f} s)")  # fmt: skip
    print(json.dumps(told))
    return 0 if is_whole(told) else 1


def walked(create_people: Any, seeds: int, moves: int) -> dict[str, Any]:
    """Explore thoroughly, wander with each seed, and try each mutant; return what was counted."""
    from edges.declared import edges, gates, illegal
    from edges.mutants import MUTANTS
    from edges.walker import Walker, undone

    begun, people, faults = time.perf_counter(), create_people(), []
    explorer = Walker(people, is_thorough=True)
    faults += filter(None, [fault_of(explorer.explore)])
    accepted, refused = explorer.ledger.accepted, explorer.ledger.refused
    for seed in range(seeds):
        walker = Walker(people, seed=seed)
        with undone():
            fault = fault_of(lambda walker=walker: (walker.wander(moves), walker.hold_all()))
        faults += [f"seed {seed}: {fault}"] if fault else []
        accepted, refused = accepted + walker.ledger.accepted, refused + walker.ledger.refused
    survivors = []
    for mutant in MUTANTS:
        with undone():
            found = noticed(mutant, people)
        survivors += [] if found else [mutant.__name__]
        print(f"  {mutant.__name__:<26} {found or 'SURVIVED'}")
    for fault in faults:
        print(f"  FAULT {fault}")
    return {
        "edges": len(set(edges())), "walked": len(explorer.ledger.walked & set(edges())),
        "gates": len(set(gates())), "gates held": len(explorer.ledger.held),
        "illegal cells": len(set(illegal())),
        "illegal cells refused": len(explorer.ledger.cells & set(illegal())),
        "accepted": accepted, "refused": refused,
        "random walks": seeds, "moves each": moves, "faults": faults,
        "mutants": len(MUTANTS), "killed": len(MUTANTS) - len(survivors), "survivors": survivors,
        "seconds": round(time.perf_counter() - begun, 1),
    }  # fmt: skip


def noticed(mutant: Any, people: Any) -> str:
    """Return what the walk says of a mutant; nothing when it notices nothing."""
    from edges.walker import Walker

    def walk() -> None:
        walker = Walker(people)
        walker.explore()
        walker.wander(40)
        walker.hold_all()

    return fault_of(walk, mutant() if mutant else nullcontext())


def fault_of(act: Any, place: Any = None) -> str:
    """Return what an act says that went wrong, in its first line."""
    from edges.ledger import Violation

    try:
        with place or nullcontext():
            act()
    except Violation as violation:
        return str(violation).splitlines()[0][:110]
    return ""


def is_whole(told: dict[str, Any]) -> bool:
    """Tell whether every edge was walked, every gate held, and every mutant noticed."""
    return (
        told["walked"] == told["edges"]
        and told["gates held"] == told["gates"]
        and told["illegal cells refused"] == told["illegal cells"]
        and not told["faults"]
        and not told["survivors"]
    )


if __name__ == "__main__":
    sys.exit(main())
