import django.db.models.deletion
import motcua.foundation.kernel.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework_dossiers", "0018_warnings_and_recomputations"),
        ("foundation_files", "0003_scanned_owner_and_awaited"),
        ("registry_access", "0008_api_calls"),
        ("registry_catalogue", "0001_initial"),
        ("registry_organisations", "0004_absences_and_delegations"),
        ("registry_people", "0006_contact_at_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandOver",
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
                ("agency_path", models.CharField(max_length=300)),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="HandOverLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="RegisterExport",
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
                ("criteria", models.JSONField()),
                ("language", models.CharField(max_length=8)),
                ("made_at", models.DateTimeField(db_index=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("rows", models.PositiveIntegerField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="dossier",
            name="return_receiver",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="dossier",
            name="return_tracking",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="dossier",
            name="return_way",
            field=models.CharField(
                blank=True,
                choices=[("warehouse", "Warehouse"), ("counter", "Counter"), ("post", "Post")],
                db_default="",
                default="",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="officialdocument",
            name="signed_at",
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
                    ("control", "Control"),
                    ("return", "Return"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("accepted_at__isnull", False), ("is_test", False)),
                fields=["agency_path", "-accepted_at", "-id"],
                name="dossier_register",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("is_test", False), ("status", 9)),
                fields=["agency_path", "finished_at", "id"],
                name="dossier_uncollected",
            ),
        ),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("return_way", "post"), models.Q(("return_tracking", ""), _negated=True)),
                    models.Q(models.Q(("return_way", "post"), _negated=True), ("return_tracking", "")),
                    _connector="OR",
                ),
                name="dossier_posted_has_tracking",
            ),
        ),
        migrations.AddConstraint(
            model_name="officialdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(("signed_at", None), ("file__isnull", False), _connector="OR"),
                name="document_signed_has_file",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry_organisations.agency",
            ),
        ),
        migrations.AddField(
            model_name="handoverline",
            name="dossier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework_dossiers.dossier"
            ),
        ),
        migrations.AddField(
            model_name="handoverline",
            name="slip",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="casework_dossiers.handover",
            ),
        ),
        migrations.AddField(
            model_name="registerexport",
            name="account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="registerexport",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry_organisations.agency",
            ),
        ),
        migrations.AddField(
            model_name="registerexport",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="foundation_files.storedfile",
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                fields=["agency_path", "-made_at", "-id"],
                name="hand_over_agency",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(fields=("agency", "year", "number"), name="hand_over_number"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="hand_over_number_from_1"
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverline",
            constraint=models.UniqueConstraint(fields=("slip", "position"), name="hand_over_position"),
        ),
        migrations.AddConstraint(
            model_name="handoverline",
            constraint=models.UniqueConstraint(fields=("slip", "dossier"), name="hand_over_once"),
        ),
        migrations.AddConstraint(
            model_name="registerexport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file", None), ("finished_at", None), ("rows", None)),
                    models.Q(
                        ("file__isnull", False), ("finished_at__isnull", False), ("rows__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="register_export_finished_whole",
            ),
        ),
    ]
