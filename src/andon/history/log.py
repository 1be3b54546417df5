"""Append and read: the interface of the measurement history."""

from andon.history.append import Batch, Receipt, append
from andon.history.reading import Where, moments, scan, tail

__all__ = ["Batch", "Receipt", "Where", "append", "moments", "scan", "tail"]
