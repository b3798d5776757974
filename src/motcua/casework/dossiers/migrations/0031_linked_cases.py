"""One application that becomes several dossiers: the case, its parts, and drafts held for them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework_dossiers", "0030_boundaries"),
        ("registry_access", "0008_api_calls"),
        ("registry_catalogue", "0001_initial"),
        ("registry_organisations", "0004_absences_and_delegations"),
        ("registry_people", "0006_contact_at_desk"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkedPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("member", models.CharField(max_length=40)),
                ("procedure_code", models.CharField(max_length=8)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("yours", "Yours"),
                            ("filed", "Filed"),
                            ("stopped", "Stopped"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=20)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["position"],
            },
        ),
        migrations.AddField(
            model_name="draft",
            name="is_held",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="LinkedCase",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=20, unique=True)),
                ("titles", models.JSONField()),
                ("submitted_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(null=True)),
                ("is_test", models.BooleanField(db_default=False, default=False)),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry_people.person",
                    ),
                ),
                (
                    "owner_organisation",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry_people.organisation",
                    ),
                ),
                (
                    "owner_person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry_people.person",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry_catalogue.procedureversion",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="dossier",
            name="linked",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework_dossiers.linkedcase",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("linked__isnull", False)), fields=["linked"], name="dossier_linked"
            ),
        ),
        migrations.AddField(
            model_name="linkedpart",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="parts",
                to="casework_dossiers.linkedcase",
            ),
        ),
        migrations.AddField(
            model_name="linkedpart",
            name="dossier",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="part",
                to="casework_dossiers.dossier",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="part",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="draft",
                to="casework_dossiers.linkedpart",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_held", False), ("part__isnull", False), _connector="OR"),
                name="draft_held_is_a_part",
            ),
        ),
        migrations.AddIndex(
            model_name="linkedcase",
            index=models.Index(condition=models.Q(("is_test", False)), fields=["due_at"], name="linked_due"),
        ),
        migrations.AddConstraint(
            model_name="linkedcase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner_organisation__isnull", False), ("owner_person", None)),
                    models.Q(("owner_organisation", None), ("owner_person__isnull", False)),
                    _connector="OR",
                ),
                name="linkedcase_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="linkedpart",
            constraint=models.UniqueConstraint(fields=("case", "member"), name="linked_part_once"),
        ),
        migrations.AddConstraint(
            model_name="linkedpart",
            constraint=models.UniqueConstraint(
                fields=("case", "procedure_code"), name="linked_procedure_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="linkedpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dossier__isnull", False), ("state", "filed")),
                    models.Q(models.Q(("state", "filed"), _negated=True), ("dossier", None)),
                    _connector="OR",
                ),
                name="linked_part_filed_has_dossier",
            ),
        ),
    ]
