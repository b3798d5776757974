"""Roles become rows before grants point at them. Nothing is asked of a grant that was made before."""

import django.contrib.postgres.fields
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

from motcua.registry.access.seeding import enter_roles


def seed(apps, schema_editor):
    enter_roles(apps.get_model("registry_access", "Role"))


class Migration(migrations.Migration):
    dependencies = [("registry_access", "0003_more_roles")]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="Role",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("names", models.JSONField()),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), size=None
                    ),
                ),
                ("built_in", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("rights__len__gt", 0)), name="role_has_a_right"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]*$")), name="role_code_form"
                    ),
                ],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
