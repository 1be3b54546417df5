"""The evidence of a record on paper: words, pictures and tables."""

from typing import Any

import vl_convert
from django.utils.translation import gettext as _

from andon.analyze.studies.figures import figures_of
from andon.analyze.studies.models import Evidence, Study
from andon.analyze.studies.showing import data_table, plan_rows, print_spec, tables_of
from andon.analyze.studies.telling import Block
from andon.records.models import Record


def sections(record: Record) -> list[dict[str, Any]]:
    """Return what a record's PDF shows of its evidence."""
    kept = Evidence.objects.filter(record_id=record.pk)
    found = [_evidence(one) for one in kept]
    if not isinstance(record, Study):
        return found
    plan = {"title": _("Verdict and plan"), "text": record.words, "pairs": plan_rows(record)}
    data = data_table(record) if record.verdict else None
    return [plan, *found, *([{"title": data.title, "tables": [_table(data)]}] if data else [])]


def _evidence(evidence: Evidence) -> dict[str, Any]:
    spec = print_spec(evidence)
    versions = ", ".join(f"{name} {number}" for name, number in evidence.versions.items())
    return {
        "title": evidence.title,
        "text": evidence.note,
        "pairs": [
            [one.label, f"{one.value} ({one.note})" if one.note else one.value]
            for one in figures_of(evidence)
        ],
        "svg": vl_convert.vegalite_to_svg(spec) if spec else "",
        "tables": [_table(block) for block in tables_of(evidence)],
        "small": f"{evidence.method} · {versions} · {evidence.inputs_digest}",
    }


def _table(block: Block) -> dict[str, Any]:
    return {"head": list(block.headers), "rows": [list(row) for row in block.rows]}
