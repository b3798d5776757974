from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("foundation_notifications", "0001_messages")]

    operations = [
        migrations.AddIndex(
            "message",
            models.Index(fields=["concerns_id", "-created_at", "-id"], name="message_concerns"),
        ),
    ]
