"""The tallies need more of a dossier: once the system runs, the journal is followed again from the beginning."""

from typing import Any

from django.db import migrations


def begin_again(apps: Any, schema: Any) -> None:
    for name in ("Part", "Measured"):
        apps.get_model("oversight_indicators", name).objects.all().delete()
    positions = apps.get_model("foundation_journal", "ConsumerPosition").objects
    positions.filter(name="indicators.evaluation").update(
        position=0, tries=0, failing_since=None, not_before=None
    )
    positions.filter(name="indicators.received").delete()
    letters = apps.get_model("foundation_journal", "DeadLetter").objects
    letters.filter(consumer__in=["indicators.evaluation", "indicators.received"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("oversight_indicators", "0003_tallies"),
        ("foundation_journal", "0007_client_actors"),
    ]

    operations = [
        migrations.RunPython(begin_again, migrations.RunPython.noop),
        migrations.DeleteModel(name="Received"),
    ]
