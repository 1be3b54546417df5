"""Corrective actions: remove the cause so that it does not recur, and prove it (ISO 9001, 10.2).

The eight disciplines as gates; the effect is planned before the action and computed after it.
"""
