"""The record types: every installed subclass of `Record` with a `WORKFLOW`."""

from functools import cache

from django.apps import apps

from andon.records.models.record import Record


@cache
def record_types() -> dict[str, type[Record]]:
    """Return kind -> model, in the order in which the slices are installed, lowest first."""
    models = [m for m in apps.get_models() if issubclass(m, Record) and m is not Record]
    return {kind_of(model): model for model in reversed(models)}


def kind_of(model: type[Record]) -> str:
    """Return the name under which a record type is registered: its model's, in lower case."""
    return str(model._meta.model_name)


@cache
def type_of_prefix(prefix: str) -> type[Record]:
    """Return the model whose numbers begin with the prefix; KeyError when there is none."""
    by_prefix = {model.WORKFLOW.prefix.lower(): model for model in record_types().values()}
    return by_prefix[prefix.lower()]


def own_type(record: Record) -> Record:
    """Return the record as an object of its own type."""
    model = record_types()[record.kind]
    return record if isinstance(record, model) else model._default_manager.get(pk=record.pk)
