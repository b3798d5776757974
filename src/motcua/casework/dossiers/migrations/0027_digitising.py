"""Papers made searchable at the desk, and the state of digitisation of every paper of a dossier."""

import django.db.models.deletion
import motcua.foundation.kernel.ids
from django.db import migrations, models


def count_reuse(apps, schema_editor):
    """What was used again before there was a column for it."""
    papers = apps.get_model("casework_dossiers", "Component").objects
    papers.filter(origin="earlier_dossier").update(digitisation=2)
    papers.filter(origin="warehouse").update(digitisation=3)


class Migration(migrations.Migration):
    dependencies = [
        ("casework_dossiers", "0026_counter_intake"),
        ("casework_warehouse", "0006_letters_of_refusal"),
        ("foundation_files", "0003_scanned_owner_and_awaited"),
    ]

    operations = [
        migrations.CreateModel(
            name="Digitisation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=motcua.foundation.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject", models.UUIDField()),
                ("component", models.CharField(max_length=60)),
                ("sources", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("pages", models.PositiveSmallIntegerField(default=0)),
                ("pages_done", models.PositiveSmallIntegerField(default=0)),
                ("empty_pages", models.JSONField(default=list)),
                ("has_words", models.BooleanField(default=False)),
                ("problem", models.CharField(blank=True, max_length=40)),
                ("problem_fields", models.JSONField(default=dict)),
                ("asked_by", models.UUIDField()),
                ("asked_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("values", models.JSONField(null=True)),
                ("confirmed_by", models.UUIDField(null=True)),
                ("confirmed_at", models.DateTimeField(null=True)),
                (
                    "copied_from",
                    models.CharField(
                        blank=True,
                        choices=[("original", "Original"), ("certified", "Certified")],
                        max_length=9,
                    ),
                ),
                ("copy_number", models.CharField(blank=True, max_length=60)),
                ("copied_by", models.UUIDField(null=True)),
                ("copied_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="component",
            name="digitisation",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddConstraint(
            model_name="component",
            constraint=models.CheckConstraint(
                condition=models.Q(("digitisation__range", (0, 3))), name="component_digitisation_known"
            ),
        ),
        migrations.AddField(
            model_name="digitisation",
            name="copy",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="foundation_files.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="digitisation",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="foundation_files.storedfile",
            ),
        ),
        migrations.AddConstraint(
            model_name="digitisation",
            constraint=models.UniqueConstraint(
                fields=("subject", "component", "sources"), name="digitisation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="digitisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("file__isnull", False),
                        ("finished_at__isnull", False),
                        ("problem", ""),
                        ("state", "done"),
                    ),
                    models.Q(
                        models.Q(("file", None), ("finished_at__isnull", False), ("state", "failed")),
                        models.Q(("problem", ""), _negated=True),
                    ),
                    models.Q(
                        ("file", None),
                        ("finished_at", None),
                        ("problem", ""),
                        ("state__in", ["waiting", "running"]),
                    ),
                    _connector="OR",
                ),
                name="digitisation_state_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="digitisation",
            constraint=models.CheckConstraint(
                condition=models.Q(("pages_done__lte", models.F("pages"))), name="digitisation_pages"
            ),
        ),
        migrations.AddConstraint(
            model_name="digitisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None), ("values__isnull", True)),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        ("state", "done"),
                        ("values__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="digitisation_values_confirmed",
            ),
        ),
        migrations.AddConstraint(
            model_name="digitisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("copied_at", None),
                        ("copied_by", None),
                        ("copied_from", ""),
                        ("copy", None),
                        ("copy_number", ""),
                    ),
                    models.Q(
                        models.Q(("copied_by__isnull", False), ("copy__isnull", False), ("state", "done")),
                        models.Q(
                            ("copied_at__isnull", False), ("copied_from__in", ["original", "certified"])
                        ),
                        models.Q(("copy_number", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="digitisation_copy_whole",
            ),
        ),
        migrations.RunPython(count_reuse, migrations.RunPython.noop),
    ]
