"""The log of measurements: facts that never change, kept as columnar blocks.

`append`, `scan`, `moments` and `tail` are the whole interface. A measurement is corrected by a
later one that supersedes it, never by overwriting.
"""
