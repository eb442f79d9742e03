"""Lets a search on SQLite find "repair" by "repairs", as PostgreSQL does with its English configuration.

Wagtail makes its SQLite index without a stemmer and offers no setting for one.
"""

from django.db import migrations

TABLE = "wagtailsearch_indexentry_fts"


def use_a_stemmer(apps, schema_editor):
    """Make the index anew with SQLite's Porter stemmer, keeping what is in it."""
    if schema_editor.connection.vendor != "sqlite":
        return
    # By way of a copy: renaming the table would take Wagtail's triggers along.
    for statement in (
        f"CREATE TEMPORARY TABLE kept AS SELECT rowid AS id, autocomplete, body, title FROM {TABLE}",
        f"DROP TABLE {TABLE}",
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5(autocomplete, body, title, tokenize='porter unicode61')",
        f"INSERT INTO {TABLE} (rowid, autocomplete, body, title) SELECT id, autocomplete, body, title FROM kept",
        "DROP TABLE kept",
    ):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("wagtailsearch", "0010_add_text_fields")]
    operations = [migrations.RunPython(use_a_stemmer, migrations.RunPython.noop)]
