from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foundation', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pulse',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='名称')),
                ('at', models.DateTimeField(verbose_name='最近一次')),
            ],
            options={
                'verbose_name': '运行信号',
                'verbose_name_plural': '运行信号',
            },
        ),
    ]
