"""Documents by the day on which they are no longer good."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework_warehouse", "0007_origins_and_signatures")]

    operations = [
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(ended_as="", valid_to__isnull=False),
                fields=["valid_to", "kind"],
                name="document_ends",
            ),
        ),
    ]
