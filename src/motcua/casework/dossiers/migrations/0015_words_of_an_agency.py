from django.db import migrations, models


class Migration(migrations.Migration):
    """Lists and searches of one agency go through its own index alone."""

    dependencies = [("casework_dossiers", "0014_indexes_of_lists")]

    operations = [
        # An entry of the index has room for 2,700 bytes.
        migrations.RunSQL(
            "UPDATE casework_dossiers_dossier SET search_text = left(search_text, 500) WHERE length(search_text) > 500",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveIndex(model_name="dossier", name="dossier_agency_path"),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(
                fields=["agency_path", "-submitted_at", "-id"],
                include=["search_text"],
                name="dossier_agency_words",
                opclasses=["varchar_pattern_ops", "timestamptz_ops", "uuid_ops"],
            ),
        ),
    ]
