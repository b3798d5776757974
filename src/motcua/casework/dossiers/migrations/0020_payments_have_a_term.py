from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework_dossiers", "0019_papers")]
    operations = [
        migrations.AddField("paymentrequest", "due_at", models.DateTimeField(null=True)),
    ]
