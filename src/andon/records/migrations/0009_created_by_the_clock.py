"""The instant at which an account was made comes from the one clock; the table stays as it is."""

from django.db import migrations, models

import andon.records.clock


class Migration(migrations.Migration):
    dependencies = [("records", "0008_the_door")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "account",
                    "created_at",
                    models.DateTimeField(default=andon.records.clock.now, editable=False),
                )
            ]
        )
    ]
