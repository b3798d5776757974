from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    """Indexes for prefixes that nobody asks for, and those that another one serves: each costs every submission."""

    dependencies = [("casework_dossiers", "0024_ending_by_silence")]

    operations = [
        migrations.AlterField("dossier", "code", models.CharField(max_length=50, null=True)),
        migrations.AlterField("dossier", "reference", models.CharField(max_length=20)),
        migrations.AddConstraint(
            "dossier", models.UniqueConstraint(fields=("reference",), name="dossier_reference_once")
        ),
        migrations.AddConstraint(
            "dossier", models.UniqueConstraint(fields=("code",), name="dossier_code_once")
        ),
        migrations.AlterField(
            "dossier",
            "version",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry_catalogue.procedureversion",
            ),
        ),
        migrations.AlterField(
            "dossier",
            "client",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry_access.systemclient",
            ),
        ),
    ]
