"""Silence that refuses is an ending like others, but one that nobody takes back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework_dossiers", "0023_bulk_acts_and_filters")]

    operations = [
        migrations.AlterField(
            model_name="ending",
            name="kind",
            field=models.CharField(
                choices=[
                    ("refused", "Refused"),
                    ("withdrawn", "Withdrawn"),
                    ("stopped", "Stopped"),
                    ("suspended", "Suspended"),
                    ("silence", "Silence"),
                ],
                max_length=10,
            ),
        )
    ]
