"""Pure statistics for quality: numbers in, frozen results out.

No framework, no database, no clock. Every result carries its method, options, convention and
source, so that it can be shown, kept as evidence and computed again.
"""
