"""Settings shared by every environment. The settings package is the only code that reads the environment."""

import datetime
from pathlib import Path

import environ

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var")))

DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
WSGI_APPLICATION = "cms.wsgi.application"
ROOT_URLCONF = "cms.urls"
APPEND_SLASH = True
# Where the public finds the site, such as https://scrutiny.example.org. Empty: wherever it is asked.
BASE_URL = env("BASE_URL", default="")
# Whether search engines may list the site: not what a developer looks at, nor a demo that is open to the world.
ALLOW_INDEXING = env.bool("ALLOW_INDEXING", default=True)

# Our own apps: each declares its models in public_models.py (cms/core/public_registry.py).
OWN_APPS = ["cms.core", "scrutiny_pages", "forms", "home"]
INSTALLED_APPS = [
    *OWN_APPS,
    "cms.demo",
    "wagtail_modeladmin",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.api.v2",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "corsheaders",
    "django_http_compression",
    "post_office",
    # Installed for its list filters, which modeladmin borrows; it has no URLs. Its usual config imports every module
    # named ``admin``, of which ours have packages.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    # It reads nothing of a request until a word is needed; what refuses one speaks the landlord's words too.
    "cms.core.middleware.WordsMiddleware",
    # Refuses what no page could answer, before anything reads it.
    "cms.core.middleware.PlainRequestMiddleware",
    "django_http_compression.middleware.HttpCompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cms.core.middleware.PrivateAnswerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cms.core.middleware.PublicRedirectMiddleware",
    "cms.core.middleware.MissingPictureMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms.core.context_processors.site",
                "home.context_processors.menus",
            ],
        },
    },
]

# --- Data ---------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'scrutineer.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE is what keeps twenty people sending at once from colliding; FULL is what makes a
    # reference that somebody was shown survive a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
# Where clamd listens, such as clamd://127.0.0.1:3310, or the path of its socket. Empty: nothing that people send is
# looked at for viruses.
CLAMAV_ADDRESS = env("CLAMAV_ADDRESS", default="").removeprefix("clamd://").rstrip("/")
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "cms.core.security.upload_handlers.SpoolingUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # Wagtail's page editor posts many fields.

# --- Static files: built by cms/frontend, collected into var ----------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "cms" / "frontend" / "dist"]
STORAGES: dict[str, dict] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What people send: outside the media folder, and served by no address but the staff's own.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "private", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Language and time -----------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = ["cms.formats"]
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- People and sign-in ----------------------------------------------------------------------------

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "forms.submission.refused_posts.csrf_failure"

# --- Security --------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Same origin, so that the editor's preview pane can frame a draft.
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # which asks for DENY
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
# Public pages need no inline script or style, and no nonce: they can be cached as they are.
# Wagtail's own screens do need inline ones, so the policy below is for everything else.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
    },
}

# --- Limits on what strangers send -------------------------------------------------------------------

# How many proxies of our own are in front: as many entries at the end of X-Forwarded-For are believed, and no others.
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# From one address. A library or a community centre is one address, so this stops floods and nobody else.
FORM_RATE_LIMIT = env.int("FORM_RATE_LIMIT", default=600)
UPLOAD_RATE_LIMIT = env.int("UPLOAD_RATE_LIMIT", default=300)  # each of up to 7 MB, kept before the form is right

# --- Mail: queued with what it tells of, and sent by ``manage.py run_scheduled_tasks``
# -----------------------------------

# Such as smtp+tls://name:password@mail.example.org:587
vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
# Every part of a delivery waits this long at most, so that all of them together end before the outbox gives up on it.
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=15)  # seconds
DEFAULT_FROM_EMAIL = env("FROM_EMAIL", default="scrutiny@localhost")
POST_OFFICE = {
    # What one mail came to is written down before the next is sent: a sender that is killed repeats one at most.
    "BATCH_SIZE": 1,
    "MAX_RETRIES": 50,  # a little over four hours
    "RETRY_INTERVAL": datetime.timedelta(minutes=5),
    "LOG_LEVEL": 1,  # failures only
}

# --- Other systems -----------------------------------------------------------------------------------

# Hosts of our own that webhooks may reach on a private network and without TLS, by name: intranet.example,10.0.0.7
WEBHOOK_PRIVATE_HOSTS = [host.lower() for host in env.list("WEBHOOK_PRIVATE_HOSTS", default=[])]
# Where another front end shows drafts, such as https://www.example.org/preview. Empty: editors are offered none.
HEADLESS_PREVIEW_URL = env("HEADLESS_PREVIEW_URL", default="")

# --- What is logged: our own mistakes, to standard error. Never what people sent ------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}, "nowhere": {"class": "logging.NullHandler"}},
    "loggers": {
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": True},
        # Hosts that are not ours, cookies that somebody changed.
        "django.security": {"handlers": ["console"], "level": "WARNING", "propagate": True},
        # What a mail server answers names people. ``tick`` says what went wrong without them.
        "post_office": {"handlers": ["nowhere"], "propagate": False},
    },
}

# --- Wagtail ---------------------------------------------------------------------------------------

WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "ods", "odt", "pdf", "pptx", "txt", "xlsx"]
WAGTAIL_SITE_NAME = "Scrutineer"
WAGTAILADMIN_BASE_URL = BASE_URL or "http://localhost:8000"
# On PostgreSQL: English without accents, made by the first migration of cms.core.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "scrutineer"}}
WAGTAIL_GRAVATAR_PROVIDER_URL = None  # no third party sees who edits
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.core.editing.image_forms.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"png": "webp", "jpeg": "webp", "gif": "webp"}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
TAGGIT_CASE_INSENSITIVE = True

# --- API -------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "cms.core.api.content_negotiation.AlwaysJSON",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "cms.core.api.base.exception_handler",
}
# The other websites whose pages may ask the API in somebody's browser; programs elsewhere need no leave.
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS", "POST"]
CORS_ALLOW_HEADERS = [
    "accept",
    "content-type",
    "idempotency-key",
    "if-modified-since",
    "if-none-match",
    "x-preview-token",
]
CORS_EXPOSE_HEADERS = ["ETag", "Last-Modified", "Location", "Retry-After"]
CORS_ALLOW_CREDENTIALS = False
SPECTACULAR_SETTINGS = {
    "TITLE": "Scrutineer",
    "DESCRIPTION": "Everything that the public site shows, as JSON.",
    "VERSION": "2",
    "OAS_VERSION": "3.1.0",
    "ENABLE_DJANGO_DEPLOY_CHECK": False,  # it looks at Wagtail's endpoints too; a test validates ours
    # Only our own endpoints: Wagtail's screens have an API too, which is private.
    "SERVE_URLCONF": "cms.api",
    "SCHEMA_PATH_PREFIX_INSERT": "/api",
    # Choices stand where they are used: two models have a "state" of their own.
    "POSTPROCESSING_HOOKS": ["cms.core.api.openapi.complete"],
}
