# Who was entered before names were folded for the search.

from django.db import migrations

from motcua.foundation.kernel.text import fold

BATCH = 5000


def fold_names(apps, schema_editor):
    people = apps.get_model("registry_people", "Person").objects
    while batch := list(people.filter(search_name="").exclude(full_name="").only("id", "full_name")[:BATCH]):
        for person in batch:
            person.search_name = fold(person.full_name) or person.full_name
        people.bulk_update(batch, ["search_name"])


class Migration(migrations.Migration):
    dependencies = [("registry_people", "0003_who_is_who")]

    operations = [migrations.RunPython(fold_names, migrations.RunPython.noop)]
