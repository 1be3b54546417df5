"""Processes (ISO 9001: 4.4): the steps in process order, their machines, shifts and calendar.

Everything that happens is told by machine, production day and shift; this slice says what these
are and on which days the organization works.
"""
