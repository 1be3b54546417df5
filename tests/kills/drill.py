"""Kill a server again and again while clients tell stories, then hold what they heard to account.

Every client sends under keys and, when it hears nothing, sends the same again under the same key.
What was answered must be there once and whole, whatever was killed at whatever moment: each story
has to leave what the same story left in peace.
"""

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import chain, cycle
from pathlib import Path
from typing import Any

from kills.calling import Caller, Refused, Tally
from kills.installation import Installation, end, is_there
from kills.space import Space
from kills.stories import STORIES, Teller

_FEWEST = 6
"""Answers between two kills."""
MODES = ("server", "worker", "master", "before commit", "before answer")


@dataclass(slots=True)
class Ledger:
    """Which stories were told to their end, and what was refused."""

    told: dict[str, str] = field(default_factory=dict)
    """The story of each mark."""
    begun: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)

    def words(self) -> set[str]:
        """Return what was told to those for whom nothing could be stored."""
        return {word for tally in self.tallies for word in tally.words}

    def sum(self, name: str) -> int:
        """Return what all clients count together."""
        return sum(int(getattr(tally, name)) for tally in self.tallies)


class Drill:
    """An installation, clients that tell stories, and somebody who kills."""

    def __init__(
        self, folder: Path, *, database: str = "", workers: int = 1, ready: Path | None = None,
        victims: Mapping[str, Callable[[], None]] | None = None,
    ) -> None:  # fmt: skip
        self.place = Installation(folder, database=database, workers=workers, ready=ready)
        self.ledger, self.victims = Ledger(), victims or {}
        self.called: list[tuple[str, str]] = []
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._callers: list[Caller] = []

    def rehearse(self) -> None:
        """Tell every story once in peace: what it leaves is what it must always leave."""
        self.place.serve()
        caller = self._caller()
        caller.called = self.called
        caller.sign_in()
        for number in range(len(STORIES)):
            self._tell(caller, 0, number)
        assert not self.ledger.refused, self.ledger.refused

    def begin(self, *, clients: int = 5) -> None:
        """Let clients tell stories until told to end."""
        self._threads = [
            threading.Thread(target=self._tell_on, args=(number + 1,)) for number in range(clients)
        ]
        for thread in self._threads:
            thread.start()

    def kill(self, kills: int, modes: tuple[str, ...] = MODES) -> None:
        """Kill so many times: anything, anywhere, and often just before or after a commit."""
        turns = [(*modes, victim) for victim in self.victims] or [modes]
        for mode in cycle(chain.from_iterable(turns)):
            if self.ledger.kills.total() >= kills:
                return
            self._strike(mode)
            self.ledger.kills[mode] += 1

    def starve(self, space: Space, *, refusals: int = 10) -> None:
        """Leave no space until so many requests were told so; then give it back and go on."""
        self.wait_for_answers()
        space.take()
        told, until = self.ledger.sum("away") + refusals, time.monotonic() + 60
        while self.ledger.sum("away") < told and time.monotonic() < until:
            time.sleep(0.01)
        space.give()
        assert self.ledger.sum("away") >= told, "nobody was told that the disk is full"
        assert self.wait_for_answers(), self.ledger.refused

    def finish(self) -> dict[str, Any]:
        """Let the clients come to the end of their stories; return what the installation holds."""
        self._over.set()
        for thread in self._threads:
            thread.join(150)
        assert not any(thread.is_alive() for thread in self._threads)
        end(self.place.server, 15)
        called = sorted(set(self.called))
        told: dict[str, Any] = self.place.ask("tell", called=called)
        return told

    def abandon(self) -> None:
        """Let go of everything, whatever became of it."""
        self._over.set()
        for caller in self._callers:
            caller.gives_up = True
        for thread in self._threads:
            thread.join(60)
        self.place.close()

    def answered(self) -> int:
        """Return how many requests were acknowledged until now."""
        return self.ledger.sum("acknowledged")

    def wait_for_answers(self, count: int = _FEWEST, *, within: float = 60) -> bool:
        """Wait until so many more requests were acknowledged; tell whether they were."""
        enough, until = self.answered() + count, time.monotonic() + within
        while self.answered() < enough and time.monotonic() < until:
            if not is_there(self.place.server):
                return False
            time.sleep(0.005)
        return self.answered() >= enough

    def _strike(self, mode: str) -> None:
        """Kill what serves in one way, and serve again."""
        if mode in ("before commit", "before answer"):
            end(self.place.server, 9)
            self.ledger.kills["server"] += 1
            name = mode.rpartition(" ")[2].replace("commit", "before").replace("answer", "after")
            self.place.serve(**{name: 0.3})
            until = time.monotonic() + 60
            while is_there(self.place.server) and time.monotonic() < until:
                time.sleep(0.005)
            self.place.serve()
            return
        self.wait_for_answers()
        time.sleep(random.uniform(0.0, 0.15))
        if mode in self.victims:  # the server lives on and has to find its own way
            self.victims[mode]()
            assert self.wait_for_answers(), "the server did not recover"
            return
        self.place.kill(mode)
        if mode == "worker":
            self.place.is_ready()
            return
        end(self.place.server, 0, within=5)
        self.place.serve()

    def _caller(self) -> Caller:
        caller = self.place.caller()
        self._callers.append(caller)
        self.ledger.tallies.append(caller.tally)
        return caller

    def _tell_on(self, number: int) -> None:
        caller, turn = self._caller(), number
        try:
            caller.sign_in()
        except Refused as refused:
            self.ledger.refused.append(str(refused))
            return
        while not self._over.is_set():
            turn += 1
            self._tell(caller, number, turn)

    def _tell(self, caller: Caller, number: int, turn: int) -> None:
        name, mark = list(STORIES)[turn % len(STORIES)], f"k{number}-{turn}-"
        self.ledger.begun.add(mark)
        try:
            STORIES[name](Teller(caller, mark, self.place.facts))
        except (Refused, AssertionError) as refused:
            self.ledger.refused.append(f"{name} {mark}: {refused}")
        else:
            self.ledger.told[mark] = name


def faults(ledger: Ledger, told: dict[str, Any]) -> dict[str, int]:
    """Return what went wrong: how much was lost, doubled, in part, invented, or not verified."""
    left: dict[str, dict[str, int]] = told["left"]
    shapes = {name: left[mark] for mark, name in ledger.told.items() if mark.startswith("k0-")}
    missing = {mark: _less(shapes[name], left.get(mark, {})) for mark, name in ledger.told.items()}
    more = {mark: _less(left.get(mark, {}), shapes[name]) for mark, name in ledger.told.items()}
    return {
        "lost": sum(mark not in left for mark in ledger.told),
        "doubled": sum(bool(found) for found in more.values()),
        "partial": sum(bool(found) and mark in left for mark, found in missing.items()),
        "mixed": told["mixed"],
        "invented": len(set(left) - ledger.begun),
        "refused": len(ledger.refused),
        "verify": len(told["problems"]),
        "untried": len(told["uncovered"]),
    }


def described(ledger: Ledger, told: dict[str, Any]) -> str:
    """Return what went wrong, place by place, for whoever has to find the cause."""
    left: dict[str, dict[str, int]] = told["left"]
    shapes = {name: left[mark] for mark, name in ledger.told.items() if mark.startswith("k0-")}
    lines = {
        mark: {"story": name, "missing": _less(shapes[name], left.get(mark, {})),
               "more": _less(left.get(mark, {}), shapes[name])}
        for mark, name in ledger.told.items()
    }  # fmt: skip
    wrong = {mark: one for mark, one in lines.items() if one["missing"] or one["more"]}
    others = [*ledger.refused[:20], *told["problems"][:20], *told["uncovered"]]
    return json.dumps({"stories": wrong, "others": others}, indent=1)


def _less(wanted: dict[str, int], found: dict[str, int]) -> dict[str, int]:
    """Return what is wanted more often than it is found."""
    return {
        name: count - found.get(name, 0)
        for name, count in wanted.items()
        if count > found.get(name, 0)
    }
