"""The trail: history written by database triggers, so that no path of change escapes it.

21 CFR 11.10(e), EU GMP Annex 11 section 9. Entries are chained by hash, one chain per record.
"""
