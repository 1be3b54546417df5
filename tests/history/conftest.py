"""A lake of its own for each test of the history."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def lake_folder(tmp_path: Path, settings: Any) -> Path:
    """Keep the lake in a folder that ends with the test."""
    settings.LAKE_URL = str(tmp_path / "lake")
    settings.DATA_DIR = tmp_path
    return tmp_path / "lake"
