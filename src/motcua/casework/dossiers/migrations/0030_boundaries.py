"""Dossiers that another counter took in, and their paper on its way."""

import django.db.models.deletion
import motcua.foundation.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework_dossiers", "0029_reminders"),
        ("registry_access", "0008_api_calls"),
        ("registry_catalogue", "0001_initial"),
        ("registry_organisations", "0004_absences_and_delegations"),
        ("registry_people", "0008_who_reaches_an_age"),
    ]

    operations = [
        migrations.CreateModel(
            name="Transport",
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
                (
                    "kind",
                    models.CharField(choices=[("papers", "Papers"), ("result", "Result")], max_length=10),
                ),
                ("from_path", models.CharField(max_length=300)),
                ("to_path", models.CharField(max_length=300)),
                ("listed", models.JSONField()),
                ("carrier", models.CharField(blank=True, max_length=40)),
                ("tracking", models.CharField(blank=True, max_length=40)),
                ("sent_at", models.DateTimeField()),
                ("sent_by", models.UUIDField()),
                ("due_at", models.DateTimeField()),
                ("warned_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                ("received_by", models.UUIDField(null=True)),
                ("missing", models.JSONField(default=list)),
                ("remark", models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                condition=models.Q(("counter__isnull", False)),
                fields=["counter", "-accepted_at", "-id"],
                name="dossier_counter",
            ),
        ),
        migrations.AddField(
            model_name="transport",
            name="dossier",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="transports",
                to="casework_dossiers.dossier",
            ),
        ),
        migrations.AddField(
            model_name="transport",
            name="from_agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry_organisations.agency",
            ),
        ),
        migrations.AddField(
            model_name="transport",
            name="slip",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework_dossiers.handover"
            ),
        ),
        migrations.AddField(
            model_name="transport",
            name="to_agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry_organisations.agency",
            ),
        ),
        migrations.AddIndex(
            model_name="transport",
            index=models.Index(
                condition=models.Q(("received_at", None)),
                fields=["from_path", "due_at", "id"],
                name="transport_from",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="transport",
            index=models.Index(
                condition=models.Q(("received_at", None)),
                fields=["to_path", "due_at", "id"],
                name="transport_to",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="transport",
            index=models.Index(
                condition=models.Q(("received_at", None), ("warned_at", None)),
                fields=["due_at"],
                name="transport_overdue",
            ),
        ),
        migrations.AddConstraint(
            model_name="transport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("received_at", None)),
                fields=("dossier", "kind"),
                name="transport_one_on_its_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="transport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("missing", []), ("received_at", None), ("received_by", None), ("remark", "")),
                    models.Q(("received_at__isnull", False), ("received_by__isnull", False)),
                    _connector="OR",
                ),
                name="transport_received_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="transport",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_agency", models.F("to_agency")), _negated=True),
                name="transport_goes_elsewhere",
            ),
        ),
    ]
