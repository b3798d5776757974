"""Who reaches an age, and whose identity paper expires."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry_people", "0007_no_prefix_index")]

    operations = [
        migrations.AddIndex(
            model_name="identitypaper",
            index=models.Index(fields=["expires"], name="identity_paper_expires"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(account__isnull=False, merged_into=None),
                fields=["birth_date", "id"],
                name="person_birth",
            ),
        ),
    ]
