from django.db import migrations, models


class Migration(migrations.Migration):
    """Alone, so that it can be left out where another migration adds the same field."""

    dependencies = [("registry_organisations", "0002_signature_and_seal_images")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="rank",
            field=models.CharField(
                blank=True, choices=[("head", "head"), ("deputy", "deputy")], max_length=10
            ),
        ),
    ]
