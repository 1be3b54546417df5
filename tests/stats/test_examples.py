"""The example in every docstring of the statistics runs and shows what it says."""

import doctest
import importlib
import pkgutil

import pytest

import andon.stats

MODULES = sorted(module.name for module in pkgutil.iter_modules(andon.stats.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"andon.stats.{name}"))
    assert found.failed == 0
