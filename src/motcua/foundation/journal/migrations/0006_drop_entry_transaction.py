from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("foundation_journal", "0005_verifications"),
    ]

    operations = [
        # The sealer looks by number since 0003; every entry paid for an index nobody read.
        migrations.RemoveIndex(model_name="entry", name="entry_transaction"),
    ]
