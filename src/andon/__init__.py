"""Andon: a quality management system whose loop closes by evidence."""

__version__ = "0.1.0"
