"""The full-text index of each database."""

from typing import Any

from django.db import migrations

SQLITE = (
    "CREATE VIRTUAL TABLE records_searchindex USING fts5("
    "text, content='records_searchtext', content_rowid='record_id', tokenize='unicode61')",
    "CREATE TRIGGER search_create AFTER INSERT ON records_searchtext BEGIN"
    " INSERT INTO records_searchindex(rowid, text) VALUES (NEW.record_id, NEW.text); END",
    "CREATE TRIGGER search_remove AFTER DELETE ON records_searchtext BEGIN"
    " INSERT INTO records_searchindex(records_searchindex, rowid, text)"
    " VALUES ('delete', OLD.record_id, OLD.text); END",
    "CREATE TRIGGER search_change AFTER UPDATE ON records_searchtext BEGIN"
    " INSERT INTO records_searchindex(records_searchindex, rowid, text)"
    " VALUES ('delete', OLD.record_id, OLD.text);"
    " INSERT INTO records_searchindex(rowid, text) VALUES (NEW.record_id, NEW.text); END",
)
POSTGRESQL = (
    "CREATE INDEX records_searchtext_words ON records_searchtext"
    " USING gin (to_tsvector('simple', text))",
)


def create_index(apps: Any, editor: Any) -> None:
    statements = POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [
        migrations.RunPython(create_index, migrations.RunPython.noop),
    ]
