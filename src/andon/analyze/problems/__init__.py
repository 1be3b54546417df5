"""Problems: findings that have one cause are investigated once, as one story.

ISO 9001:2015, 10.2.1. A problem says in plain words what was found, where it comes from, what is
affected and what was done; it leads from the finding to the nonconformity, the corrective action
and the proof of effect. Used by quality engineers and whoever owns the measure.
"""
