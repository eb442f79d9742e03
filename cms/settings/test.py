"""The test suite: quick password hashing, no manifest, mail kept in memory."""

import tempfile
from pathlib import Path

from .base import *
from .base import STORAGES, TEMPLATES

SECRET_KEY = "only-for-tests"  # noqa: S105  (guards nothing: test databases are thrown away)
ALLOWED_HOSTS = ["*"]
SERVE_MEDIA = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="scrutineer-media-"))
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
# A template that names a variable which does not exist should fail here rather than show a gap.
TEMPLATES[0]["OPTIONS"]["debug"] = True
