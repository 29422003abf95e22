from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('exemptions', '0004_several_provisions'),
    ]

    operations = [
        migrations.RemoveField(model_name='item', name='broken'),
        migrations.RemoveField(model_name='item', name='penalty'),
    ]
