"""Which group of essential services a procedure belongs to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry_catalogue", "0004_versions_of_the_desk")]

    operations = [
        migrations.AddField("procedure", "essential_group", models.PositiveSmallIntegerField(null=True)),
        migrations.AddConstraint(
            "procedure",
            models.CheckConstraint(
                condition=models.Q(
                    ("essential_group", None), ("essential_group__in", [1, 2]), _connector="OR"
                ),
                name="procedure_essential_group",
            ),
        ),
    ]
