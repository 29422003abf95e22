from django.db import migrations, models


class Migration(migrations.Migration):
    # Apart from the names: PostgreSQL changes no table with rows it has just written in the same transaction.

    dependencies = [
        ('reform', '0012_signed_names'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='casereview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('signed_at__isnull', True), ('signed_name', '')), models.Q(('signed_at__isnull', False), models.Q(('signed_name', ''), _negated=True)), _connector='OR'), name='sheet_signed_by_a_name'),
        ),
    ]
