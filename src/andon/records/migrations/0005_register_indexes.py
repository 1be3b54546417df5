from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0004_failed_login")]

    operations = [
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["kind", "closed_at", "-id"], name="record_kind_open"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["kind", "due_at", "-id"], name="record_kind_due"),
        ),
    ]
