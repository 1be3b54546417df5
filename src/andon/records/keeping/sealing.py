"""A file sealed by a passphrase: scrypt for the key, AES-256-GCM for one piece after another.

Each piece is bound to its place and to whether it is the last, so that none can be left out, moved
or cut off. The header is bound to every piece.
"""

import json
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from andon.records.errors import Refused

MAGIC = b"ANDON SEALED 1\n"
_PIECE = 1024 * 1024
_COST = {"n": 2**15, "r": 8, "p": 1}
"""32 MiB and about 0.1 s for each guess."""
_TAG = 16


def is_sealed(file: Path) -> bool:
    """Tell whether a file is sealed."""
    with file.open("rb") as opened:
        return opened.read(len(MAGIC)) == MAGIC


def seal(plain: Path, sealed: Path, passphrase: str) -> None:
    """Write a sealed copy of a file."""
    header = json.dumps({"salt": os.urandom(16).hex(), **_COST}).encode()
    cipher = AESGCM(_key(passphrase, header))
    with plain.open("rb") as source, sealed.open("wb") as target:
        target.write(MAGIC + struct.pack(">I", len(header)) + header)
        for place, (piece, is_last) in enumerate(_pieces(source, _PIECE)):
            target.write(cipher.encrypt(_nonce(place, is_last=is_last), piece, header))
        target.flush()
        os.fsync(target.fileno())


def unseal(sealed: Path, plain: Path, passphrase: str) -> None:
    """Write an open copy of a sealed file.

    Raises:
        Refused: the passphrase is another, or a byte of the file was changed or is missing.
    """
    with sealed.open("rb") as source, plain.open("wb") as target:
        try:
            header = _header(source)
            cipher = AESGCM(_key(passphrase, header))
            for place, (piece, is_last) in enumerate(_pieces(source, _PIECE + _TAG)):
                target.write(cipher.decrypt(_nonce(place, is_last=is_last), piece, header))
        except (InvalidTag, ValueError, KeyError, TypeError, struct.error) as error:
            text = _("The passphrase is not right, or the file was changed.")
            raise Refused.because(text, "passphrase") from error


def _header(source: BinaryIO) -> bytes:
    source.read(len(MAGIC))
    (size,) = struct.unpack(">I", source.read(4))
    return source.read(min(size, 4096))


def _key(passphrase: str, header: bytes) -> bytes:
    told = json.loads(header)
    if {name: told[name] for name in _COST} != _COST:  # a forged cost could stop the machine
        raise ValueError(header)
    return Scrypt(bytes.fromhex(told["salt"]), 32, **_COST).derive(passphrase.encode())


def _nonce(place: int, *, is_last: bool) -> bytes:
    """Return a number that is used once: each file has a key of its own."""
    return struct.pack(">IQ", int(is_last), place)


def _pieces(source: BinaryIO, size: int) -> Iterator[tuple[bytes, bool]]:
    piece = source.read(size)
    while True:
        following = source.read(size)
        yield piece, not following
        if not following:
            return
        piece = following
