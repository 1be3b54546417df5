"""The canonical forms that are hashed; the stand-alone verifier repeats these few lines."""

import hashlib
import json
from typing import Any

SEPARATOR = "\x1f"


def entry_digest(*parts: Any) -> str:
    """Return the SHA-256 of an entry: its columns as text, joined by the unit separator.

    Order: chain, sequence, at, actor, action, table, row, old, new, reason, previous.
    """
    return hashlib.sha256(SEPARATOR.join(str(part) for part in parts).encode()).hexdigest()


def changed_values(one: str, other: str) -> str:
    """Return as JSON the values of `one` that `other` does not share."""
    before, after = json.loads(one), json.loads(other)
    changed = {key: value for key, value in before.items() if after.get(key, ...) != value}
    return canonical_json(changed)


def canonical_json(content: Any) -> str:
    """Return JSON with sorted keys and no spaces: equal content, equal text."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_digest(content: Any) -> str:
    """Return the SHA-256 of a content's canonical JSON."""
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()
