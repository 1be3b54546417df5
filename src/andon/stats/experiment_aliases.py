"""What a fraction of a factorial cannot tell apart: defining words, resolution, alias groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from string import ascii_uppercase

from andon.stats.errors import InvalidOption

__all__ = ["Aliases", "find_aliases"]


@dataclass(frozen=True, slots=True)
class Aliases:
    """The alias structure of a two-level fraction.

    Attributes:
        words: the defining relation, with sign, shortest first ("ABCD", "-ABE").
        resolution: length of the shortest word.
        groups: effects that share one estimate, up to three factors, main effects first.
        columns: for each generated factor its sign and the positions of the basic factors.
    """

    words: tuple[str, ...]
    resolution: int
    groups: tuple[tuple[str, ...], ...]
    columns: tuple[tuple[int, tuple[int, ...]], ...]


def find_aliases(factors: int, generators: Sequence[str]) -> Aliases:
    """Return the alias structure from generators such as "D=ABC".

    Words multiply letter by letter, a letter squared vanishing; all products of the generating
    words form the defining relation.

    Args:
        factors: number of factors in all; letters A, B, C ... in order.
        generators: one for each of the last factors, in order, over the basic letters.

    Raises:
        InvalidOption: a generator that is not of the form letter = basic letters, or used twice.

    Source: Box and Hunter 1961, Technometrics 3, 311-351.

    >>> find_aliases(5, ["D=AB", "E=AC"]).words
    ('ABD', 'ACE', 'BCDE')
    """
    basic = factors - len(generators)
    columns = [_parsed(g, basic, basic + i) for i, g in enumerate(generators)]
    words = {0: 1}
    for i, (sign, letters) in enumerate(columns):
        word = sum(1 << k for k in letters) | 1 << (basic + i)
        words |= {have ^ word: have_sign * sign for have, have_sign in words.items()}
    if len(words) < 2 ** len(columns):
        raise InvalidOption("generators", list(generators), "independent of each other")
    del words[0]
    ordered = sorted(words, key=lambda word: (word.bit_count(), _letters(word)))
    return Aliases(
        words=tuple(_signed(word, words[word]) for word in ordered),
        resolution=ordered[0].bit_count(),
        groups=_groups(factors, words),
        columns=tuple(columns),
    )


def _parsed(generator: str, basic: int, place: int) -> tuple[int, tuple[int, ...]]:
    left, _, right = generator.upper().replace(" ", "").partition("=")
    sign, letters = (-1, right[1:]) if right.startswith("-") else (1, right.removeprefix("+"))
    known = ascii_uppercase[:basic]
    if (
        left != ascii_uppercase[place]
        or len(letters) < 2
        or len(set(letters)) < len(letters)
        or not set(letters) <= set(known)
    ):
        wanted = f"{ascii_uppercase[place]} = a product of at least two of {known}"
        raise InvalidOption("generators", generator, wanted)
    return sign, tuple(sorted(ascii_uppercase.index(letter) for letter in letters))


def _groups(factors: int, words: dict[int, int]) -> tuple[tuple[str, ...], ...]:
    effects = [
        sum(1 << k for k in chosen)
        for order in (1, 2, 3)
        for chosen in combinations(range(factors), min(order, factors))
    ]
    seen: set[int] = set()
    groups = []
    for effect in effects:
        if effect in seen or effect in words:
            continue
        members = [(effect, 1)] + [(effect ^ word, sign) for word, sign in words.items()]
        members = sorted(
            (m for m in members if m[0].bit_count() <= 3),
            key=lambda m: (m[0].bit_count(), _letters(m[0])),
        )
        seen.update(member for member, _ in members)
        groups.append(tuple(_signed(member, sign) for member, sign in members))
    return tuple(groups)


def _letters(word: int) -> str:
    return "".join(letter for k, letter in enumerate(ascii_uppercase) if word >> k & 1)


def _signed(word: int, sign: int) -> str:
    return ("-" if sign < 0 else "") + _letters(word)
