import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("registry_people", "0001_initial"),
        # They point here: renamed with it.
        ("casework_dossiers", "0003_owners_of_papers"),
    ]

    operations = [
        migrations.RenameModel(old_name="Citizen", new_name="Person"),
        migrations.AlterField(
            model_name="person",
            name="account",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="person",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
