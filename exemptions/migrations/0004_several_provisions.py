import django.db.models.deletion
from django.db import migrations, models


def carry_over(apps, schema_editor):
    Item, ItemBasis = apps.get_model("exemptions", "Item"), apps.get_model("exemptions", "ItemBasis")
    rows = []
    for role in ("broken", "penalty"):
        for item, basis in Item.objects.exclude(**{role: None}).values_list("pk", role):
            rows.append(ItemBasis(item_id=item, role=role, position=1, basis_id=basis))
    ItemBasis.objects.bulk_create(rows, batch_size=500)


def carry_back(apps, schema_editor):
    Item, ItemBasis = apps.get_model("exemptions", "Item"), apps.get_model("exemptions", "ItemBasis")
    for row in ItemBasis.objects.filter(position=1):
        Item.objects.filter(pk=row.item_id).update(**{f"{row.role}_id": row.basis_id})


class Migration(migrations.Migration):

    dependencies = [
        ('exemptions', '0003_public_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='ItemBasis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('broken', '违反条款'), ('penalty', '处罚依据')], max_length=10, verbose_name='用途')),
                ('position', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('basis', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cited_in', to='exemptions.legalbasis', verbose_name='法律依据')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cited', to='exemptions.item', verbose_name='事项')),
            ],
            options={
                'verbose_name': '引用的依据',
                'verbose_name_plural': '引用的依据',
                'ordering': ['item', 'role', 'position'],
                'constraints': [models.UniqueConstraint(fields=('item', 'role', 'position'), name='one_basis_per_place'), models.UniqueConstraint(fields=('item', 'role', 'basis'), name='one_basis_once_per_role')],
            },
        ),
        migrations.RunPython(carry_over, carry_back),
    ]
