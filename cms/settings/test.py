"""Settings of the test suite: quick password hashing, no manifest, mail in memory, a database in a file of its own."""

import tempfile
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from .base import *
from .base import CACHES, DATABASES, STORAGES, env

# With TEST_SCRATCH, and pytest's --reuse-db, the migrated database is kept from one run to the next.
_scratch = Path(env.str("TEST_SCRATCH", default="") or tempfile.mkdtemp(prefix="scrutineer-test-"))

SECRET_KEY = get_random_secret_key()
ALLOWED_HOSTS = ["*"]
SERVE_MEDIA = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = _scratch / "media"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "private": STORAGES["private"] | {"OPTIONS": {"location": _scratch / "private", "base_url": None}},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as on a live site: a database in memory has no WAL and shares one connection between threads.
    DATABASES["default"]["TEST"] = {"NAME": str(_scratch / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )
if "redis" in CACHES["default"]["BACKEND"]:
    # A database of its own for each test process: clearing a cache empties the whole of one.
    _worker = env.str("PYTEST_XDIST_WORKER", default="gw0").removeprefix("gw")
    CACHES["default"]["LOCATION"] = f"{CACHES['default']['LOCATION'].rsplit('/', 1)[0]}/{int(_worker) + 1}"
