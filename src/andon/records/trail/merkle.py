"""A Merkle tree over the heads of all chains: one root for the whole trail.

The stand-alone verifier repeats these few lines. Leaves and nodes are hashed with different first
bytes, so that a node can never pass for a leaf (RFC 6962, section 2.1). A leaf keeps its place for
ever; a head that moved changes its own path only.
"""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").hexdigest()
Path = list[tuple[str, str]]
"""From leaf to root: the side on which the other node stands (`left`, `right`), and its hash."""


def leaf(chain: str, sequence: int, digest: str) -> bytes:
    """Return the hash of a chain's head."""
    return hashlib.sha256(b"\x00" + f"{chain}\x1f{sequence}\x1f{digest}".encode()).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of two nodes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """Leaves by place, and every level above them; a node without a partner rises as it is."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]
        self._changed: set[int] = set()

    def put(self, place: int, value: bytes) -> None:
        """Set a leaf, or add the next one."""
        leaves = self._levels[0]
        if place == len(leaves):
            leaves.append(value)
        else:
            leaves[place] = value
        self._changed.add(place)

    def root(self) -> str:
        """Return the root over all leaves."""
        places, height = self._changed, 0
        while len(self._levels[height]) > 1:
            places = {place // 2 for place in places}
            self._raise(height, places)
            height += 1
        self._changed = set()
        return self._levels[height][0].hex() if self._levels[0] else EMPTY

    def path(self, place: int) -> Path:
        """Return what proves that a leaf is in the tree; ask for the root first."""
        found: Path = []
        for level in self._levels:
            if len(level) <= 1:
                break
            other = place ^ 1
            if other < len(level):
                found.append(("left" if other < place else "right", level[other].hex()))
            place //= 2
        return found

    def _raise(self, height: int, places: set[int]) -> None:
        below = self._levels[height]
        if len(self._levels) == height + 1:
            self._levels.append([])
        above = self._levels[height + 1]
        for place in sorted(places):
            pair = below[2 * place : 2 * place + 2]
            value = node(*pair) if len(pair) == 2 else pair[0]
            if place == len(above):
                above.append(value)
            else:
                above[place] = value


def root_of_path(value: bytes, path: Sequence[Sequence[str]]) -> str:
    """Return the root to which a path leads from a leaf."""
    for side, other in path:
        pair = (bytes.fromhex(other), value)
        value = node(*pair) if side == "left" else node(*reversed(pair))
    return value.hex()
