"""Installation checks: is what was installed what was released, and set up safely?"""

import re
from importlib import metadata
from pathlib import Path

from django.conf import settings
from packaging.requirements import Requirement

import andon
from andon.board.check import Check as Look
from andon.board.check import check_installation
from andon.board.qualifying.checks import Check, hold
from andon.records.trail.anchoring import last_anchor

_LOOKS = {
    "durability": ("high", "A measurement that was acknowledged could be lost in a power cut."),
    "schema": ("high", "The program would read and write what the database does not hold."),
    "trail triggers": ("high", "Changes could happen of which no entry tells."),
    "secret": ("high", "Sessions could be forged."),
    "debug": ("high", "Errors would show the program's inside to strangers."),
    "disk": ("medium", "Nothing more could be stored."),
    "charts": ("medium", "Charts would stay empty."),
    "accounts": ("low", "Nobody could work."),
    "clock": ("medium", "Entries would tell the wrong time."),
}


def installation_checks() -> list[Check]:
    """Return the checks of what was installed."""
    looks = {one.name: one for one in check_installation()}
    checks = [_of_look(f"IQ-{n:02}", looks[name]) for n, name in enumerate(_LOOKS, 1)]
    return [
        *checks,
        Check(
            "IQ-20", "The program is the one that was released", "high",
            "Another version of a library may compute or store otherwise.",
            "Compare the version of every library with the lock file, or with what the package"
            " declares where there is none.", "every version as released", _libraries,
        ),
        Check(
            "IQ-21", "Only the named addresses are answered", "medium",
            "Links in mails could lead to another host.", "Read the setting ANDON_ALLOWED_HOSTS.",
            "hosts are named, no wildcard", _hosts,
        ),
        Check(
            "IQ-22", "The trail is anchored outside the database", "high",
            "Who rules the database could write the past anew, unseen.",
            "Read the newest anchor of the trail.", "there is one", _anchored,
        ),
        Check(
            "IQ-23", "Nobody else on the machine writes to the data", "medium",
            "Another program's account could replace files.", "Read the mode of the data folder.",
            "not writable by all", _mode,
        ),
    ]  # fmt: skip


def _of_look(number: str, look: Look) -> Check:
    risk, why = _LOOKS[look.name]

    def observe() -> str:
        hold(look.is_good, look.text)
        return look.text

    return Check(number, f"Installed as it must be: {look.name}", risk, why,
                 f"`andon check`, line “{look.name}”.", "ok", observe)  # fmt: skip


def _libraries() -> str:
    lock = Path(andon.__file__).parents[2] / "requirements.lock"
    wanted = _locked(lock) if lock.is_file() else _declared()
    unlike = [name for name, fits in wanted.items() if not fits]
    hold(not unlike, f"not as released: {', '.join(sorted(unlike))}")
    return f"{len(wanted)} libraries as in {lock.name if lock.is_file() else 'the package'}"


def _locked(lock: Path) -> dict[str, bool]:
    """Return for each locked library that is installed whether its version is the locked one."""
    found: dict[str, bool] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\\n]+)", lock.read_text(), re.M):
        try:
            found[name] = found.get(name, False) or metadata.version(name) == version
        except metadata.PackageNotFoundError:
            continue  # for another system, or for development
    return found


def _declared() -> dict[str, bool]:
    """Return for each declared library whether its version is one that the package allows."""
    found: dict[str, bool] = {}
    for text in metadata.requires("andon") or []:
        wanted = Requirement(text)
        if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            found[wanted.name] = metadata.version(wanted.name) in wanted.specifier
        except metadata.PackageNotFoundError:
            found[wanted.name] = False
    return found


def _hosts() -> str:
    hosts = list(settings.ALLOWED_HOSTS)
    hold(hosts and "*" not in hosts, f"{hosts or 'none'}: name the hosts in ANDON_ALLOWED_HOSTS")
    return ", ".join(hosts)


def _anchored() -> str:
    anchor = last_anchor()
    hold(anchor, "there is none yet: run `andon anchor`, or let `andon worker` run")
    assert anchor is not None
    return str(anchor)


def _mode() -> str:
    mode = Path(settings.DATA_DIR).stat().st_mode & 0o777
    hold(not mode & 0o002, f"mode {mode:o}: take the right to write from others")
    return f"mode {mode:o}"
