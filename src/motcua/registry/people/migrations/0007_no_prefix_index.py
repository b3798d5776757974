from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry_people", "0006_contact_at_desk")]

    operations = [
        # Made when the table was called "citizen": Django looks for it by another name.
        migrations.RunSQL(
            'DROP INDEX IF EXISTS "registry_people_citizen_personal_number_9d9d0b50_like"',
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("person", "personal_number", models.CharField(max_length=12, null=True)),
        migrations.AddConstraint(
            "person", models.UniqueConstraint(fields=("personal_number",), name="person_number_once")
        ),
    ]
