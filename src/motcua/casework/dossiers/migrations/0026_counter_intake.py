"""Dossiers that an officer takes in at a counter, who brought them, and what lies in the paper file."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework_dossiers", "0025_no_prefix_indexes"),
        ("registry_access", "0008_api_calls"),
        ("registry_catalogue", "0001_initial"),
        ("registry_organisations", "0004_absences_and_delegations"),
        ("registry_people", "0006_contact_at_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaperHandedIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=300)),
                (
                    "sort",
                    models.CharField(
                        choices=[("original", "Original"), ("certified", "Certified"), ("copy", "Copy")],
                        max_length=10,
                    ),
                ),
                ("count", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name="dossier",
            name="brought",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="dossier",
            name="brought_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry_people.person",
            ),
        ),
        migrations.AddField(
            model_name="dossier",
            name="counter",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry_organisations.agency",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="brought",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="draft",
            name="brought_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry_people.person",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="counter",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry_organisations.agency",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="taken_by",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="draft",
            name="ticked",
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("brought", {}), ("brought_by", None)),
                    models.Q(("brought__has_key", "as"), ("brought_by__isnull", False)),
                    _connector="OR",
                ),
                name="dossier_brought_by_right",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("brought", {}), ("brought_by", None)),
                    models.Q(("brought__has_key", "as"), ("brought_by__isnull", False)),
                    _connector="OR",
                ),
                name="draft_brought_by_right",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("brought_by", None), ("counter", None), ("taken_by", None), ("ticked", {})),
                    models.Q(("counter__isnull", False), ("taken_by__isnull", False)),
                    _connector="OR",
                ),
                name="draft_at_a_counter_by_an_officer",
            ),
        ),
        migrations.AddField(
            model_name="paperhandedin",
            name="dossier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handed_in",
                to="casework_dossiers.dossier",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperhandedin",
            constraint=models.UniqueConstraint(
                fields=("dossier", "code", "sort"), name="paper_handed_in_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperhandedin",
            constraint=models.CheckConstraint(
                condition=models.Q(("count__range", (1, 99))), name="paper_handed_in_count"
            ),
        ),
    ]
