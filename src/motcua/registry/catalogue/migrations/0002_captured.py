"""What the national portal's files say, beside what packs say; and the doubts about it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Func, Value

import motcua.foundation.kernel.ids

_ID = models.UUIDField(
    default=motcua.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
)


def enter_levels(apps, schema_editor):
    """Until now a procedure had one level."""
    listed = Func(F("level"), function="jsonb_build_array", output_field=models.JSONField())
    apps.get_model("registry_catalogue", "Procedure").objects.filter(
        levels=Value([], models.JSONField())
    ).update(levels=listed)


class Migration(migrations.Migration):
    dependencies = [("registry_catalogue", "0001_initial")]

    operations = [
        migrations.AddField("procedure", "levels", models.JSONField(default=list)),
        migrations.AddField("procedure", "ministry", models.CharField(blank=True, default="", max_length=60)),
        migrations.AddField(
            "procedure", "publisher", models.CharField(blank=True, default="", max_length=35)
        ),
        migrations.AddField("procedure", "origin", models.CharField(default="pack", max_length=6)),
        migrations.AddField("procedure", "audience", models.JSONField(default=list)),
        migrations.AddField("procedure", "channels", models.JSONField(default=list)),
        migrations.AddField("procedure", "removed_on", models.DateField(null=True)),
        migrations.AddConstraint(
            "procedure",
            models.CheckConstraint(
                condition=models.Q(("origin__in", ["pack", "import"])), name="procedure_origin"
            ),
        ),
        migrations.CreateModel(
            name="Captured",
            fields=[
                ("id", _ID),
                (
                    "source",
                    models.CharField(choices=[("index", "Index"), ("local", "Local")], max_length=5),
                ),
                ("content", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("read_at", models.DateTimeField()),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="captured",
                        to="registry_catalogue.procedure",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("procedure", "source"), name="captured_once_a_source"),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["index", "local"])), name="captured_source"
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Doubt",
            fields=[
                ("id", _ID),
                ("kind", models.CharField(max_length=30)),
                ("place", models.CharField(max_length=1000)),
                ("said", models.JSONField()),
                ("guess", models.JSONField(null=True)),
                ("why", models.CharField(blank=True, max_length=30)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("confirmed", "Confirmed"),
                            ("corrected", "Corrected"),
                            ("gone", "Gone"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("value", models.JSONField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("act", models.UUIDField(null=True)),
                ("decided_by", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("found_at", models.DateTimeField()),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "procedure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="doubts",
                        to="registry_catalogue.procedure",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "kind", "procedure", "place"], name="doubt_list"),
                    models.Index(
                        condition=models.Q(("act__isnull", False)), fields=["act"], name="doubt_act"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("procedure", "kind", "place"), name="one_doubt_a_place"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "confirmed", "corrected", "gone"])),
                        name="doubt_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "gone"]), ("act__isnull", False), _connector="OR"
                        ),
                        name="doubt_decided_by_an_act",
                    ),
                ],
            },
        ),
        migrations.RunPython(enter_levels, migrations.RunPython.noop),
    ]
