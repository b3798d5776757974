# Existing files count as uploads, and as not scanned: where a scanner is set up, each is scanned once.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("foundation_files", "0002_erasing_and_quarantine"),
    ]

    operations = [
        migrations.AddField(
            model_name="discardedcontent",
            name="awaited_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="is_upload",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="owner_id",
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="scanned_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(
                condition=models.Q(("is_upload", True), ("quarantined_at", None), ("scanned_at", None)),
                fields=["id"],
                name="files_storedfile_unscanned",
            ),
        ),
    ]
