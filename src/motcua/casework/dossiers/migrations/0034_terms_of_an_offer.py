"""What an agency offered otherwise than published when a dossier was filed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework_dossiers", "0033_showings")]

    operations = [migrations.AddField("dossier", "terms", models.JSONField(null=True))]
