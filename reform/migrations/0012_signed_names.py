from django.db import migrations, models


def freeze(apps, _schema_editor):
    """Write on what is signed already the name and unit of its account, as they are now."""
    rows = apps.get_model("reform", "CaseReview").objects.filter(signed_at__isnull=False)
    for sheet in rows.select_related("reviewer__user__unit"):
        user = sheet.reviewer.user
        sheet.signed_name, sheet.signed_unit = user.name, user.unit.short_name if user.unit else ""
        sheet.save(update_fields=["signed_name", "signed_unit"])


class Migration(migrations.Migration):

    dependencies = [
        ('reform', '0011_kept_elsewhere'),
    ]

    operations = [
        migrations.AddField(
            model_name='casereview',
            name='signed_name',
            field=models.CharField(blank=True, default='', max_length=30, verbose_name='签署人'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='casereview',
            name='signed_unit',
            field=models.CharField(blank=True, default='', max_length=20, verbose_name='签署人单位'),
            preserve_default=False,
        ),
        migrations.RunPython(freeze, migrations.RunPython.noop),
    ]
