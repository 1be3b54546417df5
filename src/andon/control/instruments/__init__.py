"""Instruments: measuring resources and whether they may be used today (ISO 9001: 7.1.5).

An instrument that is overdue for calibration, quarantined, retired or kept for reference is
refused wherever a measurement is taken in.
"""
