from django.db import migrations, models


# Until now nothing was extended: what was promised is the basis. What stands still says so last in its clock.
_KNOWN = """
UPDATE casework_dossiers_dossier SET basis_at = due_at,
       stopped_at = CASE WHEN clock -> -1 ->> 'kind' = 'stopped' THEN (clock -> -1 ->> 'at')::timestamptz END
 WHERE due_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework_dossiers", "0016_acts_of_the_law"),
        ("registry_access", "0008_api_calls"),
        ("registry_catalogue", "0001_initial"),
        ("registry_organisations", "0004_absences_and_delegations"),
        ("registry_people", "0006_contact_at_desk"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="dossier",
            name="dossier_due",
        ),
        migrations.AddField(
            model_name="dossier",
            name="answer_by",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="dossier",
            name="answered_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="dossier",
            name="basis_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="dossier",
            name="silent_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="dossier",
            name="stopped_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="officialdocument",
            name="kind",
            field=models.CharField(
                choices=[
                    ("receipt", "Receipt"),
                    ("draft", "Draft"),
                    ("result", "Result"),
                    ("supplement", "Supplement"),
                    ("refusal", "Refusal"),
                    ("stopping", "Stopping"),
                    ("payment", "Payment"),
                    ("apology", "Apology"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("basis_at__isnull", False)), fields=["basis_at"], name="dossier_basis"
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("answer_by__isnull", False), ("answered_at", None), ("status", 1)),
                fields=["answer_by"],
                name="dossier_unanswered",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("status__in", [2, 4]), ("stopped_at", None)),
                fields=["due_at", "id"],
                name="dossier_running",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(
                    ("silent_at__isnull", False), ("status__in", [2, 4]), ("stopped_at", None)
                ),
                fields=["silent_at"],
                name="dossier_silent",
            ),
        ),
        migrations.RunSQL(_KNOWN, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis_at", None), ("due_at", None)),
                    models.Q(("basis_at__isnull", False), ("basis_at__lte", models.F("due_at"))),
                    _connector="OR",
                ),
                name="dossier_basis_is_the_earlier",
            ),
        ),
    ]
