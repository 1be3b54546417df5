"""Keeping records: backup and restore, retention and destruction, the copy for an inspector.

ISO 9001:2015, 7.5.3; 21 CFR 11.10(b) and (c).
"""
