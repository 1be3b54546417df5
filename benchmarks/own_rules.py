"""Semgrep with the rules of the house: each fires on its example, none on Andon itself.

A rule that finds nothing may be a rule that cannot find anything; so each is tried first. An
exception in the code names its rule and its reason.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
SEMGREP = ROOT / ".venv-semgrep" / "bin" / "semgrep"
RULES = ROOT / "tests" / "trust" / "semgrep.yaml"
EXAMPLES = {
    "sql-made-of-text": "def f(cursor, name):\n    cursor.execute(f'DELETE FROM {name}')",
    "text-declared-safe": "from django.utils.safestring import mark_safe\nx = mark_safe(y)",
    "forgery-protection-switched-off":
        "from django.views.decorators.csrf import csrf_exempt\n@csrf_exempt\ndef f(r): ...",
    "time-from-the-machine": "from datetime import datetime\nx = datetime.now()",
    "code-from-data": "import pickle\nx = pickle.loads(y)",
    "shell": "import subprocess\nsubprocess.run(x, shell=True)",
    "call-out-of-the-house": "from urllib.request import urlopen\nurlopen(x)",
    "xml-that-expands": "from xml.etree import ElementTree\nElementTree.fromstring(x)",
    "archive-unpacked-unseen": "def f(archive): archive.extractall('x')",
    "redirect-to-where-the-request-says":
        "from django.shortcuts import redirect\ndef f(request): redirect(request.GET['next'])",
    "chance-that-can-be-guessed": "import random\nx = random.choice(y)",
    "broken-digest": "import hashlib\nx = hashlib.md5(y)",
    "failure-swallowed": "try:\n    f()\nexcept Exception:\n    pass",
    "every-field-from-outside": "def f(request): Record.objects.create(**request.POST)",
    "template-without-encoding": "<p>{{ text|safe }}</p>",
    "inline-script-or-style": "<p onclick='x()'>x</p>",
}  # fmt: skip
OF_TEMPLATES = {"template-without-encoding", "inline-script-or-style"}
EXCEPTION = re.compile(r"nosemgrep(?:: (?P<rule>[a-z-]+) - (?P<reason>\S.{5,}))?")


def found_in(folder: Path) -> list[dict[str, str]]:
    """Return rule and place of each finding below a folder."""
    done = subprocess.run(
        [str(SEMGREP), "scan", "--config", str(RULES), "--metrics", "off", "--json", "--quiet",
         "--disable-version-check", "--no-git-ignore", "."],
        cwd=folder, check=True, capture_output=True, text=True,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert not told["errors"], told["errors"]
    return [
        {"rule": one["check_id"].rpartition(".")[2], "at": f"{one['path']}:{one['start']['line']}"}
        for one in told["results"]
    ]


def silent() -> set[str]:
    """Return the rules that do not find their own example."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "templates"
        folder.mkdir()
        for rule, text in EXAMPLES.items():
            ending = "html" if rule in OF_TEMPLATES else "py"
            (folder / f"{rule}.{ending}").write_text(text + "\n")
        fired = {(one["rule"], Path(one["at"]).stem) for one in found_in(Path(made))}
    return {rule for rule in EXAMPLES if (rule, rule) not in fired}


def exceptions() -> tuple[Counter[str], list[str]]:
    """Return how often each rule is excepted, and where no reason is given."""
    counted, bare = Counter[str](), []
    for path in sorted((ROOT / "src").rglob("*.py")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if said := EXCEPTION.search(line):
                counted[said["rule"] or ""] += 1
                bare += [] if said["reason"] else [f"{path.name}:{number}"]
    return counted, bare


def main() -> int:
    """Say what was found; return 1 when a rule is silent, broken or excepted without a reason."""
    rules = re.findall(r"^  - id: (\S+)", RULES.read_text(), re.MULTILINE)
    untried = set(rules) ^ set(EXAMPLES)
    mute, found, (excepted, bare) = silent(), found_in(ROOT / "src"), exceptions()
    for one in found:
        print(f"{one['at']}: {one['rule']}")
    print(f"untried: {sorted(untried)}, silent: {sorted(mute)}, without a reason: {bare}")
    print(f"{len(rules)} rules, {len(found)} found, {excepted.total()} exceptions with reasons")
    return 1 if untried or mute or found or bare else 0


if __name__ == "__main__":
    sys.exit(main())
