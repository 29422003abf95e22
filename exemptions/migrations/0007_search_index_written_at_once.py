from django.db import migrations

# What a GIN index has not taken in yet lies in a list that every search reads through, up to 4 MB of it. A publication
# writes into the index at once instead: a search costs the same whatever was published just before.
FOUND = "exemptions_publicentry_found"


def write_at_once(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER INDEX {FOUND} SET (fastupdate = off)")
        schema_editor.execute(f"SELECT gin_clean_pending_list('{FOUND}')")


def let_it_wait(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER INDEX {FOUND} RESET (fastupdate)")


class Migration(migrations.Migration):

    dependencies = [
        ('exemptions', '0006_merged_units_and_publicity'),
    ]

    operations = [
        migrations.RunPython(write_at_once, let_it_wait),
    ]
