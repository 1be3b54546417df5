"""The trail's triggers in PostgreSQL's language."""

from collections.abc import Iterator, Mapping

from andon.records.trail.subjects import Subject

FUNCTIONS = (
    """CREATE OR REPLACE FUNCTION andon_trail() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
 -- Arguments: primary key column, chain column ('' = own chain), excluded columns.
 present jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
 o jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE to_jsonb(OLD) END;
 n jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE to_jsonb(NEW) END;
 verb text := CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'change' ELSE 'remove' END;
 c text; s integer; p text; t text; a text; w text; r text; os text; ns text;
BEGIN
 o := o - string_to_array(TG_ARGV[2], ','); n := n - string_to_array(TG_ARGV[2], ',');
 IF TG_OP = 'UPDATE' THEN
  SELECT coalesce(jsonb_object_agg(k, v) FILTER (WHERE n -> k IS DISTINCT FROM v), '{}')
   INTO os FROM jsonb_each(o) AS e(k, v);
  SELECT coalesce(jsonb_object_agg(k, v) FILTER (WHERE o -> k IS DISTINCT FROM v), '{}')
   INTO ns FROM jsonb_each(n) AS e(k, v);
  IF os = '{}' AND ns = '{}' THEN RETURN NULL; END IF;
 ELSE os := o::text; ns := n::text;
 END IF;
 r := present ->> TG_ARGV[0];
 c := CASE WHEN TG_ARGV[1] = '' THEN TG_TABLE_NAME || ':' || r
  ELSE 'record:' || (present ->> TG_ARGV[1]) END;
 -- Writers of one chain take turns until their transaction ends; other chains are free.
 PERFORM pg_advisory_xact_lock(hashtextextended(c, 0));
 SELECT sequence, digest INTO s, p FROM records_entry
  WHERE chain = c ORDER BY sequence DESC LIMIT 1;
 s := coalesce(s, 0) + 1; p := coalesce(p, '');
 a := coalesce(nullif(current_setting('andon.actor', true), ''), 'database:' || session_user);
 w := coalesce(current_setting('andon.reason', true), '');
 t := coalesce(nullif(current_setting('andon.now', true), ''),
  to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
 INSERT INTO records_entry
  (chain, sequence, at, actor, action, "table", "row", old, new, reason, previous, digest)
 VALUES (c, s, t, a, verb, TG_TABLE_NAME, r, os, ns, w, p, encode(sha256(convert_to(
  concat_ws(E'\\x1f', c, s, t, a, verb, TG_TABLE_NAME, r, os, ns, w, p), 'UTF8')), 'hex'));
 RETURN NULL;
END $$""",
    """CREATE OR REPLACE FUNCTION andon_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
 RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME
  USING ERRCODE = 'integrity_constraint_violation';
END $$""",
)


def statements(subject: Subject) -> Iterator[str]:
    """Yield the trigger that tells each change of a table."""
    arguments = f"'{subject.key}', '{subject.chain_column}', '{','.join(subject.excluded)}'"
    yield (
        f'CREATE TRIGGER andon_trail AFTER INSERT OR UPDATE OR DELETE ON "{subject.table}"'
        f" FOR EACH ROW EXECUTE FUNCTION andon_trail({arguments})"
    )


_REFUSE_BUT = """CREATE OR REPLACE FUNCTION andon_refuse_{table}() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
 IF TG_OP = 'UPDATE' THEN
  IF {on_update} THEN RETURN NEW; END IF;
 ELSIF {on_delete} THEN RETURN OLD;
 END IF;
 RAISE EXCEPTION 'Rows of % are never changed or removed.', TG_TABLE_NAME
  USING ERRCODE = 'integrity_constraint_violation';
END $$"""
REFUSALS = 2
"""Triggers that make a table append-only."""


def refusals(table: str, exceptions: Mapping[str, str]) -> Iterator[str]:
    """Yield what makes a table append-only, but for the exceptions."""
    function = f"andon_refuse_{table}" if exceptions else "andon_refuse"
    if exceptions:
        allowed = {
            f"on_{event.lower()}": exceptions.get(event, "1 = 0") for event in ("UPDATE", "DELETE")
        }
        yield _REFUSE_BUT.format(table=table, **allowed)
    yield (
        f'CREATE TRIGGER andon_refuse BEFORE UPDATE OR DELETE ON "{table}"'
        f" FOR EACH ROW EXECUTE FUNCTION {function}()"
    )
    yield (
        f'CREATE TRIGGER andon_refuse_truncate BEFORE TRUNCATE ON "{table}"'
        " FOR EACH STATEMENT EXECUTE FUNCTION andon_refuse()"
    )
