from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0002_pulse'),
    ]

    operations = [
        migrations.CreateModel(
            name='LoadedFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=60, verbose_name='数据表')),
                ('key', models.CharField(max_length=190, verbose_name='自然键')),
            ],
            options={
                'verbose_name': '已载入的事实',
                'verbose_name_plural': '已载入的事实',
                'constraints': [models.UniqueConstraint(fields=('model', 'key'), name='fact_offered_once')],
            },
        ),
    ]
