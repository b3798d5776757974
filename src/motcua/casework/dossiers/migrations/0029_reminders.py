"""What people are reminded of, and the index by which grown children are found."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform

from motcua.foundation.kernel.ids import new_id


class Migration(migrations.Migration):
    dependencies = [
        ("casework_dossiers", "0028_intake_sheets"),
        ("casework_warehouse", "0008_documents_that_end"),
        ("registry_people", "0008_who_reaches_an_age"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.UUIDField(default=new_id, editable=False, primary_key=True, serialize=False)),
                ("rule", models.CharField(max_length=40)),
                ("about", models.CharField(blank=True, max_length=36)),
                ("day", models.DateField()),
                ("given_at", models.DateTimeField()),
                ("application", models.UUIDField(null=True)),
                ("taken_up_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry_people.person",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["day"], name="reminder_day")],
                "constraints": [
                    models.UniqueConstraint(fields=["person", "rule", "about", "day"], name="reminder_once"),
                    models.CheckConstraint(
                        condition=models.Q(application=None, taken_up_at=None)
                        | models.Q(application__isnull=False, taken_up_at__isnull=False),
                        name="reminder_taken_up_whole",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                KeyTextTransform("birth_date", "answers"),
                condition=models.Q(status__in=[9, 10], answers__has_key="birth_date"),
                name="dossier_born",
            ),
        ),
    ]
