from django.db import migrations, models


class Migration(migrations.Migration):
    """From when the limits of a token count, so that what is taken back goes on where it was."""

    dependencies = [("casework_process", "0002_tokens")]

    operations = [migrations.AddField("token", "counted_from", models.DateTimeField(null=True))]
