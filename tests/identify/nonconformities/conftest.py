"""A small plant, and somebody who walks nonconformities through it."""

from typing import Any

import pytest
from nonconformity_walk import Walk, build_plant


@pytest.fixture
def walk(db: Any, noon: Any, engineer: Any, manager: Any) -> Walk:
    """Take nonconformities along their way as quality engineer and quality manager."""
    return Walk(build_plant(), engineer, manager)
