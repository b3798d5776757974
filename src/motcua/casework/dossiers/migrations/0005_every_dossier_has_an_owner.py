# Until now everybody applied for themselves.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework_dossiers", "0004_owners")]

    operations = [
        *(
            migrations.RunSQL(
                f"UPDATE {table} SET owner_person_id = applicant_id WHERE owner_person_id IS NULL",  # noqa: S608  our own names
                migrations.RunSQL.noop,
            )
            for table in ("casework_dossiers_draft", "casework_dossiers_dossier")
        ),
        # The table cannot be altered while foreign keys wait to be checked.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="dossier",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner_organisation__isnull", False), ("owner_person", None)),
                    models.Q(("owner_organisation", None), ("owner_person__isnull", False)),
                    _connector="OR",
                ),
                name="dossier_has_one_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owner_organisation__isnull", False), ("owner_person", None)),
                    models.Q(("owner_organisation", None), ("owner_person__isnull", False)),
                    _connector="OR",
                ),
                name="draft_has_one_owner",
            ),
        ),
    ]
