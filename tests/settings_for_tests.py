"""The product's settings on a data folder of their own: tests never touch a user's."""

import os
import tempfile

_FOLDER = tempfile.TemporaryDirectory(prefix="andon-test-", ignore_cleanup_errors=True)
os.environ["ANDON_DATA_DIR"] = _FOLDER.name
os.environ.setdefault("ANDON_SECRET_KEY", "only-for-tests-and-long-enough-to-please-django-check")

from andon.settings import *  # noqa: E402, F403

STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Argon2 is slow on purpose
if "sqlite" in DATABASES["default"]["ENGINE"]:  # noqa: F405
    # A file: the runner would add its worker's name to the data folder's path as a whole.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # noqa: F405
