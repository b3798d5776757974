"""Installations that were made before get the role that keeps the catalogue."""

from django.db import migrations

from motcua.registry.access.seeding import enter_roles


def seed(apps, schema_editor):
    enter_roles(apps.get_model("registry_access", "Role"))


class Migration(migrations.Migration):
    dependencies = [("registry_access", "0008_api_calls")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
