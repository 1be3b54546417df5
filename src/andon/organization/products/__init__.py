"""Products, their characteristics and specifications, their cost, and lots with genealogy.

A characteristic (ISO 9000: 3.10.1) is what is measured or counted, with no, one or two
specification limits. A lot tells what was made together; a lot use tells what went into it, so
that every lot can be traced both ways (ISO 9001: 8.5.2).
"""
