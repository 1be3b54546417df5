"""What every record shares: number, state, owner, due date, links, history, signatures, search.

ISO 9001:2015, 7.5 documented information. A record type is a subclass of `Record` with a
`WORKFLOW`; everything else (list, form, detail, API, export, search) follows from the two.
"""
