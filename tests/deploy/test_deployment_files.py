"""The files of a deployment say what they mean: settings that exist, commands that exist.

No Helm and no Docker is at hand in a test. The chart keeps to four forms of Helm's language, which
are filled in here as Helm fills them in; a fifth form fails. It is no proof that a cluster takes
the result.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click import Group

from andon import cli

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy" / "helm" / "andon"
COMPOSE = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())
VALUES = yaml.safe_load((CHART / "values.yaml").read_text())
_FORM = re.compile(r"\{\{ \.(Values|Release)\.([A-Za-z.]+)( \| quote)? \}\}")
_RELEASE = {"Name": "qms", "Revision": 1}


def _filled(text: str, used: set[str]) -> str:
    def value(found: re.Match[str]) -> str:
        where, path, quote = found.groups()
        told: Any = VALUES if where == "Values" else _RELEASE
        for name in path.split("."):
            told = told[name]
        used.add(f"{where}.{path}")
        return json.dumps(str(told)) if quote else str(told)

    return _FORM.sub(value, text)


def _manifests(used: set[str]) -> Iterator[Any]:
    for path in sorted((CHART / "templates").glob("*.yaml")):
        text = _filled(path.read_text(), used)
        assert "{{" not in text, f"{path.name} uses a form of Helm that this test does not know"
        yield yaml.safe_load(text)


def _leaves(content: Any, path: str = "Values") -> Iterator[str]:
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{path}.{name}")
        else:
            yield f"{path}.{name}"


def _documented() -> set[str]:
    text = (ROOT / "docs" / "reference" / "settings.md").read_text()
    return set(re.findall(r"^\| `(ANDON_[A-Z_]+)`", text, re.MULTILINE))


def _require_command(arguments: list[str]) -> None:
    """Fail unless the command line knows the command and each of its options."""
    assert isinstance(cli.main, Group)
    command = cli.main.commands[arguments[0]]
    known = {name for option in command.params for name in option.opts}
    assert {word for word in arguments if word.startswith("--")} <= known


def test_the_values_are_what_the_schema_says() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(VALUES, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**VALUES, "replicas": 3}, schema)


def test_every_value_is_used_and_every_used_one_is_there() -> None:
    used: set[str] = set()
    assert len(list(_manifests(used))) == 7
    assert {name for name in used if name.startswith("Values")} == set(_leaves(VALUES))


def test_the_chart_runs_commands_that_exist_with_settings_that_exist() -> None:
    manifests = {(m["kind"], m["metadata"]["name"]): m for m in _manifests(set())}
    for kind, name in (("Deployment", "qms-web"), ("Deployment", "qms-worker"),
                       ("Job", "qms-schema-1")):  # fmt: skip
        container = manifests[kind, name]["spec"]["template"]["spec"]["containers"][0]
        _require_command(container["args"])
        assert {variable["name"] for variable in container["env"]} <= _documented()
    assert set(manifests["ConfigMap", "qms-settings"]["data"]) <= _documented()
    service = manifests["Service", "qms-web"]["spec"]["selector"]
    web = manifests["Deployment", "qms-web"]["spec"]["template"]["metadata"]["labels"]
    assert service == web


def test_the_services_run_commands_that_exist_with_settings_that_exist() -> None:
    for name in ("schema", "web", "worker"):
        service = COMPOSE["services"][name]
        _require_command(service["command"])
        assert set(service["environment"]) <= _documented()


def test_a_service_waits_only_for_services_that_exist_and_mounts_declared_volumes() -> None:
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", ())) <= set(COMPOSE["services"])
        named = {mount.partition(":")[0] for mount in service.get("volumes", ())}
        assert {name for name in named if not name.startswith(".")} <= set(COMPOSE["volumes"])


def test_every_secret_of_the_services_is_asked_for() -> None:
    text = (ROOT / "deploy" / "compose.yaml").read_text()
    asked = set(re.findall(r"^([A-Z_]+)=", (ROOT / "deploy" / ".env.example").read_text(), re.M))
    assert set(re.findall(r"\$\{([A-Z_]+)", text)) == asked


def test_the_image_installs_what_the_lock_names() -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    assert "--require-hashes requirements.lock" in text
    assert "USER andon" in text
    assert "ANDON_DATA_DIR=/data" in text
    assert "index" not in text.lower()
