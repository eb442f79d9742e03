"""Settings of the demo and of a development machine: no TLS, a generated secret key, media served by Django."""

from django.core.management.utils import get_random_secret_key

from .base import *
from .base import VAR_DIR, env


def _kept_secret_key() -> str:
    """Return this checkout's secret key, made on first use, so that sign-ins survive a restart."""
    path = VAR_DIR / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(get_random_secret_key())
        path.chmod(0o600)
    return path.read_text()


DEBUG = env.bool("DEBUG", default=False)
ALLOW_INDEXING = env.bool("ALLOW_INDEXING", default=not DEBUG)
SECRET_KEY = env("SECRET_KEY", default="") or _kept_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
SERVE_MEDIA = True
if not env("EMAIL_URL", default=""):
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
