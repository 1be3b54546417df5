"""Moving an installation to another database: SQLite to PostgreSQL, and back.

What arrives is what left, row for row: the trail keeps its digests, because the rows are written
before the triggers are put in place, in the same transaction.
"""
