"""Control plans (ISO 9001: 8.5.1): what is checked where, how often, and how to react.

A line names characteristic, machine, instruments, sample size, frequency, chart, rules, reaction
plan and owner. Measurements are judged by the line that is effective for their stream.
"""
