"""What holds the audit trail in the database itself, whoever writes to it: triggers that let it only grow.

Rows may be taken away once they are 180 days old, by `prune_audit` and nobody else; nothing may ever be changed.
On PostgreSQL `deploy/` also takes the rights away from the account that the portal runs under. A migration that
rebuilds one of these tables must call `install` again: SQLite drops a table's triggers with it.
"""

from __future__ import annotations

from typing import Any

LEAST_DAYS = 180
# Each table of the trail, and the column that says how old a row is; None: such a row never goes.
TABLES = {
    "foundation_auditentry": "recorded_at",
    "foundation_auditseal": "sealed_at",
    "foundation_auditcheckpoint": None,
}
SAYS = "the audit trail can only be added to"
KEYS = {"foundation_auditentry": "id"}  # the others go by their sequence


def install(connection: Any) -> None:
    """Put the triggers on the tables, in the place of those that are there."""
    remove(connection)
    make = _on_postgres if connection.vendor == "postgresql" else _on_sqlite
    with connection.cursor() as cursor:
        for table, dated in TABLES.items():
            for statement in make(table, dated):
                cursor.execute(statement)


def remove(connection: Any) -> None:
    """Take the triggers away, for the tests: they empty all tables after a test that commits."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for act in ("update", "delete", "truncate", "replace"):
                of = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{act}{of}")


def _on_sqlite(table: str, dated: str | None) -> list[str]:
    key = KEYS.get(table, "sequence")
    there = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - names of ours
    young = f"WHEN OLD.{dated} >= strftime('%Y-%m-%d %H:%M:%S', 'now', '-{LEAST_DAYS} days')" if dated else ""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    return [
        f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} {young} {refuse}",
        # INSERT OR REPLACE takes the old row away without asking the trigger above.
        f"CREATE TRIGGER {table}_replace BEFORE INSERT ON {table} WHEN {there} {refuse}",
    ]


def _on_postgres(table: str, dated: str | None) -> list[str]:
    young = f"WHEN (OLD.{dated} >= now() - interval '{LEAST_DAYS} days')" if dated else ""
    refuse = "EXECUTE FUNCTION foundation_audit_only_grows()"
    return [
        "CREATE OR REPLACE FUNCTION foundation_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {table}_update BEFORE UPDATE ON {table} FOR EACH STATEMENT {refuse}",
        f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
        f"CREATE TRIGGER {table}_delete BEFORE DELETE ON {table} FOR EACH ROW {young} {refuse}",
    ]
