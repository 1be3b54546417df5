"""`andon new-record`: write a record type that works at once, with its test.

It only needs the files of a checkout, no database: names and layers are read from the import
contracts, so that the new slice obeys them from its first line.
"""

import configparser
import keyword
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from string import Template

import click

_PACKAGE = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_NAME = re.compile(r"([A-Z][a-z0-9]+)+")
_PREFIX = re.compile(r'prefix="([A-Z]+)"')
_SECTION = "importlinter:contract:"
# What would shadow a file of the checkout or say nothing.
_FORBIDDEN = frozenset({"utils", "helpers", "managers", "signals", "constants", "misc", "records"})


@dataclass(frozen=True, slots=True)
class Plan:
    """A new record type: its names, and the checkout that takes it in."""

    root: Path
    package: str
    name: str
    prefix: str

    @property
    def layer(self) -> str:
        """The layer, such as identify."""
        return self.package.split(".")[0]

    @property
    def slice(self) -> str:
        """The slice within the layer, which is also Django's label."""
        return self.package.split(".")[1]

    @property
    def folder(self) -> Path:
        """Where the slice lies."""
        return self.root / "src" / "andon" / self.layer / self.slice

    @property
    def test(self) -> Path:
        """The file of its test."""
        words = "_".join(_words(self.name)).lower()
        return self.root / "tests" / self.layer / self.slice / f"test_{words}.py"

    def names(self) -> dict[str, str]:
        """Return the words that the templates are filled with."""
        label = " ".join(_words(self.name)).capitalize()
        plural = self.slice.replace("_", " ").capitalize()
        return {
            "package": self.package, "layer": self.layer, "name": self.name,
            "kind": self.name.lower(), "prefix": self.prefix, "prefix_lower": self.prefix.lower(),
            "label": label, "label_lower": label.lower(),
            "plural": plural, "plural_lower": plural.lower(),
        }  # fmt: skip


def write_new_record(package: str, name: str, root: Path) -> list[Path]:
    """Write a record type into a checkout and return the files written or changed.

    PACKAGE is layer and slice, such as identify.observations; NAME is the model's, such as
    Observation. Existing names and unknown layers are refused before anything is written.
    """
    plan = _planned(package, name, root.resolve())
    migrations = plan.folder / "migrations" / "__init__.py"
    written = [
        _write(plan, plan.folder / "__init__.py", "package"),
        _write(plan, plan.folder / "models.py", "models"),
        _write(plan, plan.folder / "workflow.py", "workflow"),
        _write(plan, plan.test, "test"),
    ]
    migrations.parent.mkdir()
    migrations.write_text(f'"""Changes of the tables of {plan.package}."""\n')
    written += [migrations, _install(plan), _allow(plan)]
    migrated = _migrated(plan)
    _tidy(plan)
    return [*written, *migrated]


def _planned(package: str, name: str, root: Path) -> Plan:
    """Return the plan, or refuse with all that must be known to do better."""
    settings = root / "src" / "andon" / "settings.py"
    if not settings.is_file() or not (root / ".importlinter").is_file():
        raise click.ClickException(f"{root} is no checkout of Andon; give its folder by --root.")
    if not _PACKAGE.fullmatch(package):
        raise click.ClickException("PACKAGE is a layer and a slice: identify.observations.")
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise click.ClickException("NAME is a class's name in capitals and letters: Observation.")
    plan = Plan(root, package, name, _free_prefix(name, root))
    layers = _layers(root)
    if plan.layer not in layers:
        known = ", ".join(sorted(layers))
        raise click.ClickException(f"There is no layer {plan.layer!r}; known: {known}.")
    _refuse_taken(plan)
    return plan


def _refuse_taken(plan: Plan) -> None:
    if keyword.iskeyword(plan.slice) or plan.slice in _FORBIDDEN:
        raise click.ClickException(f"{plan.slice!r} cannot be the name of a slice.")
    labels = {path.parent.name for path in _sources(plan.root, "migrations")}
    if plan.folder.exists() or plan.slice in labels:
        raise click.ClickException(f"There is a slice {plan.slice!r} already.")
    models = "|".join(path.read_text() for path in _sources(plan.root, "models*"))
    if re.search(rf"^class {plan.name}\b", models, re.MULTILINE | re.IGNORECASE):
        raise click.ClickException(f"There is a model {plan.name} already.")
    if plan.test.exists():
        raise click.ClickException(f"{plan.test} exists already.")


def _sources(root: Path, pattern: str) -> list[Path]:
    """Return the files or folders of that name in the slices, and the files of such folders."""
    found = list((root / "src" / "andon").glob(f"**/{pattern}"))
    if pattern == "migrations":
        return found
    inside = [path for folder in found if folder.is_dir() for path in folder.glob("*.py")]
    return [path for path in found if path.suffix == ".py"] + inside


def _layers(root: Path) -> set[str]:
    """Return the layers that hold slices, as the import contracts state them."""
    contracts = configparser.ConfigParser()
    contracts.read(root / ".importlinter")
    return {
        name.removeprefix(_SECTION)
        for name in contracts.sections()
        if contracts[name].get("containers", "") == f"andon.{name.removeprefix(_SECTION)}"
    }


def _free_prefix(name: str, root: Path) -> str:
    """Return two to four letters of the name that no other record type's numbers begin with."""
    texts = [path.read_text() for path in _sources(root, "workflow.py")]
    taken = {found for text in texts for found in _PREFIX.findall(text)}
    letters = [letter for letter in name.upper() if letter.isalpha()]
    initials = "".join(word[0] for word in _words(name))
    ways = [initials, *("".join(one) for n in (3, 2, 4) for one in combinations(letters, n))]
    free = [way for way in ways if 2 <= len(way) <= 4 and way not in taken]
    if not free:
        raise click.ClickException(f"No prefix for numbers is left in the letters of {name}.")
    return free[0]


def _words(name: str) -> list[str]:
    return re.findall(r"[A-Z][a-z0-9]+", name)


def _write(plan: Plan, path: Path, template: str) -> Path:
    text = files("andon.records").joinpath(f"templates/new_record/{template}.txt").read_text()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(Template(text).substitute(plan.names()))
    return path


def _install(plan: Plan) -> Path:
    """Add the slice to the settings, at the top of its layer: it may use all that is there."""
    path = plan.root / "src" / "andon" / "settings.py"
    return _insert(path, rf'^(?=    "andon\.{plan.layer}\.)', f'    "andon.{plan.package}",\n')


def _allow(plan: Plan) -> Path:
    """Add the slice to the import contract of its layer, at the top."""
    section = re.escape(f"[{_SECTION}{plan.layer}]")
    place = rf"^{section}\n(?:[^\[\n].*\n)*?layers =\n"
    return _insert(plan.root / ".importlinter", place, f"    {plan.slice}\n")


def _insert(path: Path, place: str, line: str) -> Path:
    """Insert a line after the first match of a pattern."""
    text = path.read_text()
    found = re.search(place, text, re.MULTILINE)
    if found is None:
        raise click.ClickException(f"{path} does not list the layer; add {line.strip()} yourself.")
    path.write_text(text[: found.end()] + line + text[found.end() :])
    return path


def _migrated(plan: Plan) -> list[Path]:
    """Write the first migration, or say how; a fresh process reads the changed settings."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "andon.settings", "ANDON_DATA_DIR": folder,
            "ANDON_DATABASE_URL": f"sqlite:///{folder}/andon.sqlite3",
            "PYTHONPATH": str(plan.root / "src"),
        }  # fmt: skip
        done = subprocess.run(  # noqa: S603 - our own interpreter and a checked name
            [sys.executable, "-m", "django", "makemigrations", plan.slice],
            env=environment, cwd=plan.root, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [""])[-1]
        command = f"DJANGO_SETTINGS_MODULE=andon.settings django-admin makemigrations {plan.slice}"
        click.echo(f"No migration was written ({last}). Then run: {command}", err=True)
    return sorted((plan.folder / "migrations").glob("0*.py"))


def _tidy(plan: Plan) -> None:
    """Wrap the lines that a long name made too long; without the formatter they stay so."""
    command = [sys.executable, "-m", "ruff", "format", "--quiet", str(plan.folder), str(plan.test)]
    subprocess.run(command, cwd=plan.root, capture_output=True, check=False)  # noqa: S603
