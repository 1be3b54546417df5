"""Causes: why it happened, why it was not detected, why the system allowed it (ISO 9001, 10.2.1 b).

A cause is a statement until evidence supports or refutes it; only a supported one leads to action.
"""
