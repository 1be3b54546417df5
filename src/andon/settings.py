"""Django settings, read from the environment (prefix ANDON_) with safe defaults for one laptop."""

from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

from environs import Env, ValidationError

from andon.records import logs
from andon.records.databases import database_at

env = Env(prefix="ANDON_")

DATA_DIR = Path(env.str("DATA_DIR", default=str(Path.cwd() / ".data" / "andon"))).resolve()
# Settings of one installation: NAME=value lines, overruled by the environment.
env.read_env(str(DATA_DIR / "andon.env"), recurse=False)
DEBUG = env.bool("DEBUG", default=False)


def _secret_key() -> str:
    """Return the installation's secret: from the environment, or the file `andon init` wrote."""
    given = env.str("SECRET_KEY", default="")
    file = Path(env.str("SECRET_KEY_FILE", default=str(DATA_DIR / "secret_key")))
    if given:
        return given
    if file.is_file():
        return file.read_text().strip()
    return ""


def _require_zone(name: str) -> None:
    """Refuse what is no time zone: every production date is told in it."""
    try:
        ZoneInfo(name)
    except (LookupError, OSError, ValueError) as error:
        message = f"{name!r} is no time zone: name one such as Europe/Berlin."
        raise ValidationError(message) from error


SECRET_KEY = _secret_key() or "not-initialised: run `andon init`"
_DATABASE_URL = env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'andon.sqlite3'}")
# On PostgreSQL the threads of a process share a pool; 0 gives each thread its own connection.
_POOL = env.int("DATABASE_POOL_SIZE", default=10)
DATABASES = {"default": database_at(_DATABASE_URL, pool_size=_POOL)}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("TRUSTED_ORIGINS", default=[])

# Highest layer first: a slice may use only what stands below it.
ANDON_APPS = [
    "andon.demo",
    "andon.board",
    "andon.improve.actions",
    "andon.analyze.problems",
    "andon.analyze.causes",
    "andon.analyze.monitoring",
    "andon.analyze.drivers",
    "andon.analyze.studies",
    "andon.identify.nonconformities",
    "andon.identify.measurements",
    "andon.control.plans",
    "andon.control.instruments",
    "andon.organization.products",
    "andon.organization.processes",
    "andon.organization.people",
    "andon.organization.partners",
    "andon.records",
    "andon.web",
    "andon.history",
]
INSTALLED_APPS = [
    *ANDON_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
]
MIDDLEWARE = [
    "andon.records.observing.Observed",
    "django.middleware.security.SecurityMiddleware",
    "andon.web.security.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "andon.records.sign_in.sessions.SessionLimits",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "andon.records.watching.Watched",
    "andon.records.repeating.OnlyOnce",
    "andon.records.middleware.Gate",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "andon.urls"
WSGI_APPLICATION = "andon.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "andon.web.navigation.navigation",
            ],
        },
    },
]

AUTH_USER_MODEL = "records.Account"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "andon.records.sign_in.passwords.StretchedPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ANDON_MAY = "andon.records.permissions.may"

# The door is django-allauth's; who may enter, how often and for how long is Andon's.
ACCOUNT_ADAPTER = "andon.records.sign_in.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "andon.records.sign_in.forms.SignInForm",
    "reauthenticate": "andon.records.sign_in.forms.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # one limit, ours: andon.records.login_limit
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "login"
MFA_ADAPTER = "andon.records.sign_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "andon.records.sign_in.forms.CodeForm",
    "reauthenticate": "andon.records.sign_in.forms.CodeAgain",
    "activate_totp": "andon.records.sign_in.forms.FirstCodeForm",
}
# Roles whose people pass only with a second factor, by their codes, such as QM,ADM.
SECOND_FACTOR_ROLES: list[str] = env.list("SECOND_FACTOR_ROLES", default=[])
# A session ends after so long without use, and after so long in any case.
SESSION_IDLE_MINUTES = env.float("SESSION_IDLE_MINUTES", default=60.0)
SESSION_HOURS = env.float("SESSION_HOURS", default=12.0)
# How many requests a caller of the interface may send in a minute; 0 sets no limit.
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", default=6000)
# Single sign-on: an OpenID Connect provider, and what Andon is called there.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
# A link, not a form: the content policy lets forms go nowhere else.
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_ADAPTER = "andon.records.sign_in.adapters.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": env.str("OIDC_NAME", default="Single sign-on"),
                "client_id": env.str("OIDC_CLIENT_ID", default=""),
                "secret": env.str("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(SESSION_HOURS * 3600)
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
HAS_TLS = env.bool("TLS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HAS_TLS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HAS_TLS else "http"
if HAS_TLS:
    # The proxy that brings TLS says so, and must not pass on what a caller claims.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
# Browsers allow passkeys over TLS, and without it on localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HAS_TLS
SECURE_HSTS_SECONDS = 31_536_000 if HAS_TLS else 0

# Background work is kept in the database and run by `andon worker`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = env.str("LANGUAGE", default="en")
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
# Instants are stored in UTC; production dates and screens use the site's zone.
SITE_TIME_ZONE = env.str("TIME_ZONE", default="Europe/Berlin", validate=_require_zone)
# Seconds by which the product's clock differs from the machine's: only a demo shifts it.
CLOCK_OFFSET_SECONDS = env.float("CLOCK_OFFSET_SECONDS", default=0.0)

# Older measurements: a folder or the address of an object store, and what that store needs.
LAKE_URL = env.str("LAKE_URL", default=str(DATA_DIR / "lake"))
LAKE_OPTIONS: dict[str, str] = env.dict("LAKE_OPTIONS", default={})
# How long blocks stay in the database beside their copy in the lake, and unused files in the lake.
LAKE_KEEP_BLOCKS_HOURS = env.float("LAKE_KEEP_BLOCKS_HOURS", default=24.0)
LAKE_KEEP_FILES_HOURS = env.float("LAKE_KEEP_FILES_HOURS", default=168.0)

# A signer who signed nothing for so long gives user name and password again.
SIGNING_BREAK_MINUTES = env.float("SIGNING_BREAK_MINUTES", default=15.0)
# Anchors: where they are kept outside the database, how often, and which second person is told.
ANCHOR_FILE = env.str("ANCHOR_FILE", default=str(DATA_DIR / "anchors" / "anchors.jsonl"))
ANCHOR_MINUTES = env.float("ANCHOR_MINUTES", default=10.0)
ANCHOR_ENTRIES = env.int("ANCHOR_ENTRIES", default=1000)
ANCHOR_MAIL = env.str("ANCHOR_MAIL", default="")
ANCHOR_WEBHOOK = env.str("ANCHOR_WEBHOOK", default="")
# Hosts of webhooks that may be loopback or private, by name; all others must be public.
WEBHOOK_HOSTS: list[str] = env.list("WEBHOOK_HOSTS", default=[])

EMAIL_HOST = env.str("MAIL_HOST", default="localhost")
EMAIL_PORT = env.int("MAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("MAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.str("MAIL_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("MAIL_TLS", default=False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="andon@localhost")
# From when on each day people are mailed what is due, at the site; nothing: never. And the
# address that they reach Andon by, for the links in mails.
REMIND_AT = env.time("REMIND_AT", default=time(6)) if env.str("REMIND_AT", "06:00") else None
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")

# Which engine aggregates the history: embedded in this process, or a cluster of Spark.
ENGINE = env.str("ENGINE", default="embedded")
SPARK_MASTER = env.str("SPARK_MASTER", default="local[*]")
SPARK_OPTIONS: dict[str, str] = env.dict("SPARK_OPTIONS", default={})

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
MEDIA_ROOT = DATA_DIR / "files"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
# How many submissions of measurements may wait to be stored before the next one gets 503.
MOST_WAITING = env.int("MOST_WAITING", default=256)
# How many are stored in one transaction, and how long those wait for others who came together.
MOST_TOGETHER = env.int("MOST_TOGETHER", default=64)
GATHER_MILLISECONDS = env.float("GATHER_MILLISECONDS", default=5.0)
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("MAX_BODY_BYTES", default=32 * 1024 * 1024)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
MAX_IMPORT_BYTES = env.int("MAX_IMPORT_BYTES", default=64 * 1024 * 1024)
MAX_IMPORT_ROWS = env.int("MAX_IMPORT_ROWS", default=1_000_000)
MAX_IMPORT_COLUMNS = env.int("MAX_IMPORT_COLUMNS", default=500)
MAX_IMPORT_CELLS = env.int("MAX_IMPORT_CELLS", default=20_000_000)
MAX_IMPORT_INFLATED_BYTES = env.int("MAX_IMPORT_INFLATED_BYTES", default=200 * 1024 * 1024)
MAX_IMPORT_RATIO = env.int("MAX_IMPORT_RATIO", default=100)
MAX_ATTACHMENT_BYTES = env.int("MAX_ATTACHMENT_BYTES", default=25 * 1024 * 1024)

LOGGING = logs.configuration(
    env.str("LOG_FORMAT", default="line"), env.str("LOG_LEVEL", default="WARNING")
)
