from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


def note_closing(apps, schema_editor):
    """Count the time of accounts that are closed already from now on: since when they are nobody has noted."""
    apps.get_model("liaisons", "User").objects.filter(is_active=False).update(closed_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("liaisons", "0006_export_runs")]

    operations = [
        migrations.AddField(
            "person",
            "anonymised_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="匿名化时间"),
        ),
        migrations.AddField(
            "user",
            "anonymised_at",
            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="匿名化时间"),
        ),
        migrations.AddField(
            "user", "closed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="停用时间")
        ),
        migrations.AddConstraint(
            "person",
            models.CheckConstraint(
                condition=Q(anonymised_at__isnull=True) | Q(phone_digest=""), name="who_is_anonymous_has_no_number"
            ),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=Q(anonymised_at__isnull=True) | Q(is_active=False), name="who_is_anonymous_logs_in_no_more"
            ),
        ),
        migrations.RunPython(note_closing, migrations.RunPython.noop, elidable=True),
    ]
