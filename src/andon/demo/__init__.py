"""The probe factory: one invented company year, drawn exactly as published, and its problems.

Everything in `calendar`, `story`, `generator*` and `year` is pure: a seed in, facts out. The same
seed gives the same year on every machine, so that a demonstration, a test and a measured
false-alarm rate speak of the same data.
"""
