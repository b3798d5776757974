from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation_journal", "0003_seals")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                fields=["kind", "sequence"], name="entry_kind", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["at"], name="entry_at"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("account_id__isnull", False)),
                fields=["account_id", "sequence"],
                name="entry_account",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("person_id__isnull", False)),
                fields=["person_id", "sequence"],
                name="entry_person",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("agency_id__isnull", False)),
                fields=["agency_id", "sequence"],
                name="entry_agency",
            ),
        ),
    ]
