# A legal hold on a person covers the papers they handed in before files had an owner, too.

from django.db import migrations

OWN = """
UPDATE foundation_files_storedfile f SET owner_id = whole.applicant_id
FROM {part} part JOIN {whole} whole ON whole.id = part.{key}
WHERE part.file_id = f.id AND f.owner_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework_dossiers", "0002_signing_batches"),
        ("foundation_files", "0003_scanned_owner_and_awaited"),
    ]

    operations = [
        migrations.RunSQL(
            OWN.format(
                part=f"casework_dossiers_{part}", whole=f"casework_dossiers_{whole}", key=f"{whole}_id"
            ),
            migrations.RunSQL.noop,
        )
        for part, whole in (("draftpaper", "draft"), ("component", "dossier"))
    ]
