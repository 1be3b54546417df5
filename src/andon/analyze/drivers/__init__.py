"""Drivers: which factor a departure comes from, ranked by what each explains, in words.

ISO 9001:2015, 9.1.3 and 10.2.1 b. Used by whoever looks for a cause: the factors that act, those
that only move along, those that cannot be told apart, and the innocent ones, each with its effect,
interval and corrected p. Beside them the Pareto of defects and the capability of stable streams.
"""
