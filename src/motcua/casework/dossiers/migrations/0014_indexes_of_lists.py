import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework_dossiers", "0013_supplements_used_again"),
        ("registry_access", "0008_api_calls"),
        ("registry_catalogue", "0001_initial"),
        ("registry_organisations", "0004_absences_and_delegations"),
        ("registry_people", "0006_contact_at_desk"),
    ]

    operations = [
        migrations.AlterField(
            model_name="component",
            name="dossier",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="components",
                to="casework_dossiers.dossier",
            ),
        ),
        migrations.AlterField(
            model_name="dossier",
            name="agency",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry_organisations.agency",
            ),
        ),
        migrations.AlterField(
            model_name="officialdocument",
            name="dossier",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="casework_dossiers.dossier",
            ),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(fields=["-submitted_at", "-id"], name="dossier_submitted"),
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                fields=["agency_path", "-submitted_at", "-id"],
                name="dossier_agency_path",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
        ),
    ]
