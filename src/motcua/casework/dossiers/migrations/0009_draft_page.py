from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework_dossiers", "0008_opinions_and_supplements")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="page",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
    ]
