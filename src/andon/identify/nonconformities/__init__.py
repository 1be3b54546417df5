"""Nonconformities: a requirement not met, on product, process or system (ISO 9001, 8.7 and 10.2).

From the report on the shop floor through containment and disposition with balanced quantities to
the decision whether a corrective action is needed.
"""
