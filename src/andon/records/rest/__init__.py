"""The REST interface: problem documents, tokens and sessions, idempotency keys, ETags, cursors.

A slice's `api.py` has a `router = Router(tags=[...])`; each operation states what it needs with
`@needs("permission")` below its route decorator. Generic operations of every record type come
from `records.rest.record_types`.
"""

from andon.records.rest.access import account_of, needs
from andon.records.rest.idempotency import claim_of, once, response_of
from andon.records.rest.problems import Problem

__all__ = ["Problem", "account_of", "claim_of", "needs", "once", "response_of"]
