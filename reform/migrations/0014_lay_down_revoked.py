from django.db import migrations


def lay_down(apps, _schema_editor):
    """Take off the desks what was left waiting when its duty was revoked, as every revocation does itself by now."""
    waiting = apps.get_model("reform", "Submission").objects.filter(state__in=["cosigning", "filed"])
    waiting.filter(obligation__state="revoked").update(state="withdrawn")


class Migration(migrations.Migration):

    dependencies = [
        ('reform', '0013_signed_by_a_name'),
    ]

    operations = [
        migrations.RunPython(lay_down, migrations.RunPython.noop),
    ]
