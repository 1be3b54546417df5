"""Monitoring: every new subgroup is judged as it arrives, against limits that were frozen.

ISO 9001:2015, 9.1.1; ISO 7870. A signal is a chart rule that fired: the operator acknowledges it.
A finding is statistically confirmed and practically relevant: it opens an investigation.
"""
