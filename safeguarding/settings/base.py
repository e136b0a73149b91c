"""What every installation has in common. DEBUG is off everywhere: error pages never show a local variable."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

from safeguarding import env
from safeguarding.access.handlers import NOBODY
from safeguarding.runtime.layout import Layout
from safeguarding.runtime.logs import logging_config
from safeguarding.settings.schedule import BEAT_SCHEDULE

ROOT_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.text("DATA_DIR", str(ROOT_DIR / "var"))).expanduser().absolute()
LAYOUT = Layout(DATA_DIR)
MAIL_DIR = DATA_DIR / "mail"

DEBUG = False
DEMO = False
SECRET_KEY = env.text("SECRET_KEY")
ROOT_KEYS: dict[int, bytes] = {}
# The audit is signed with these by the sealer alone, and the head of the log is kept in these directories (AUD-03).
AUDIT_SIGNING_KEYS = env.versioned_keys(env.SIGNING_KEY)
AUDIT_HEADS = [Path(place) for name in ("AUDIT_HEAD_DIR", "AUDIT_HEAD_DIR_2") if (place := env.text(name))]
SEALING_SECONDS = 1.0
SEALING_LAG_SECONDS = env.number("SEALING_LAG_SECONDS", 60, least=5)
# Where an operator looks for the root key of a version; sentences about a missing one say it.
ROOT_KEY_PLACE = "SAFEGUARDING_ROOT_KEY{version} (or SAFEGUARDING_ROOT_KEY{version}_FILE)"
# What was shredded, outside of the database, so that a restore can be told; never on the disk that the back-ups lie on.
SHREDDING_LEDGER = Path(env.text("SHREDDING_LEDGER", str(DATA_DIR / "ledger" / "shredding.jsonl"))).absolute()
ALLOWED_HOSTS: list[str] = []
PORT = env.number("PORT", 8000, least=1, most=65535)
TRUST_PROXY = False
SITE_URL = env.text("SITE_URL", f"http://localhost:{PORT}").rstrip("/")

API_BODY_LIMIT = 1024 * 1024
API_REQUESTS_PER_MINUTE = env.number("API_REQUESTS_PER_MINUTE", 600, least=1, most=100_000)
UPLOAD_LIMIT = 32 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["safeguarding.web.uploads.InMemoryUploadHandler"]

# ---------------------------------------------------------------- apps
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "guardian",
    "auditlog",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "safeguarding.runtime",
    "safeguarding.agencies",
    "safeguarding.crypto",
    "safeguarding.access",
    "safeguarding.audit",
    "safeguarding.children",
    "safeguarding.notifications",
    "safeguarding.web",
    "safeguarding.governance",
    "agreements",
    "alerts",
    "safeguarding.demo",
]

MIDDLEWARE = [
    "safeguarding.runtime.health.HealthMiddleware",
    "safeguarding.runtime.middleware.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "safeguarding.runtime.middleware.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "safeguarding.access.middleware.PrincipalMiddleware",
    "safeguarding.audit.middleware.RefusalMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "safeguarding.web.middleware.SignInRequiredMiddleware",
    "safeguarding.web.middleware.SecondFactorMiddleware",
    "safeguarding.web.middleware.SessionTimeoutMiddleware",
]

ROOT_URLCONF = "safeguarding.urls"
WSGI_APPLICATION = "safeguarding.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "safeguarding.web.context.page",
            ],
        },
    }
]
FORM_RENDERER = "safeguarding.web.forms.HubRenderer"

# ---------------------------------------------------------------- database
DATABASE_AS_OWNER = env.flag("DATABASE_AS_OWNER")
DATABASE_PREPARE = env.flag("DATABASE_PREPARE", True)
DATABASE_EMBEDDED = not env.text("DATABASE_URL")
REDIS_EMBEDDED = not env.text("REDIS_URL")


def databases(app_url: str, owner_url: str, *, assume_role: str = NOBODY) -> dict[str, dict[str, Any]]:
    """`default` for the work; `outside` commits by itself, so that a denial is remembered when the request rolls back.

    Every session starts as nobody; the engine puts on the app's role when a transaction has a principal.
    """
    common = {
        "ENGINE": "safeguarding.access.engine",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": False,
    }
    where = env.database(owner_url if DATABASE_AS_OWNER else app_url)
    # Bound by the server: a literal bound by the client would stand in the server's statement log.
    where["OPTIONS"] = {
        "server_side_binding": True,
        "application_name": "safeguarding",
        # The walls make statements dear to plan and cheap to run: from the third time on a connection keeps the plan.
        # Behind a pooler that hands a connection to somebody else between two transactions: DATABASE_PREPARE=0.
        "prepare_threshold": 2 if DATABASE_PREPARE else None,
        **where["OPTIONS"],
    }
    if assume_role and not DATABASE_AS_OWNER:
        where["OPTIONS"]["assume_role"] = assume_role
    return {
        "default": {**common, **where, "ATOMIC_REQUESTS": True},
        "outside": {**common, **where, "ATOMIC_REQUESTS": False, "TEST": {"MIRROR": "default"}},
    }


# ---------------------------------------------------------------- people
AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "safeguarding.access.backends.NeedToKnowBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
GUARDIAN_MONKEY_PATCH_USER = False
# Guardian's own backend opens by default; ours asks `visible_to`, and reads guardian's grants there.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
AUDITLOG_LOGENTRY_MODEL = "audit.AuditEntry"
ANONYMOUS_USER_NAME = None

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_ADAPTER = "safeguarding.web.adapters.AccountAdapter"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "safeguarding.web.sign_in_forms.SignInForm",
    "change_password": "safeguarding.web.sign_in_forms.ChangePasswordForm",
    "reset_password": "safeguarding.web.sign_in_forms.AskForLinkForm",
    "reset_password_from_key": "safeguarding.web.sign_in_forms.NewPasswordForm",
    "reauthenticate": "safeguarding.web.sign_in_forms.ConfirmPasswordForm",
}
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())
MFA_ADAPTER = "safeguarding.web.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "safeguarding.web.sign_in_forms.CodeForm",
    "reauthenticate": "safeguarding.web.sign_in_forms.ConfirmCodeForm",
    "activate_totp": "safeguarding.web.sign_in_forms.SetUpAppForm",
    "add_webauthn": "safeguarding.web.sign_in_forms.AddPasskeyForm",
    "edit_webauthn": "safeguarding.web.sign_in_forms.RenamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Safeguarding Hub"
# A code counts for half a minute more, for whoever types slowly (RFC 6238, 5.2); none counts twice.
MFA_TOTP_TOLERANCE = 1
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_ADAPTER = "safeguarding.web.adapters.CouncilSignInAdapter"

# ---------------------------------------------------------------- sessions, cookies, headers
# In the database, not in a signed cookie: a leaver is shut out the moment their rows are deleted.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(minutes=15).total_seconds())
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "hub_session"
CSRF_COOKIE_NAME = "hub_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "safeguarding.web.views.csrf_failure"

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "encrypted-media",
        "fullscreen",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "local-fonts",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
}
PERMISSIONS_POLICY["publickey-credentials-get"] = ["self"]
PERMISSIONS_POLICY["publickey-credentials-create"] = ["self"]

# ---------------------------------------------------------------- language, time, files
LANGUAGE_CODE = "en-gb"
USE_I18N = True
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = ROOT_DIR / "build" / "collected"
STATICFILES_DIRS = [ROOT_DIR / "build" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "safeguarding.web.storage.HashedStaticFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# ---------------------------------------------------------------- cache, queue


def caches(url: str) -> dict[str, dict[str, Any]]:
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": url,
            "KEY_PREFIX": "hub",
            "OPTIONS": {"health_check_interval": 30},
        }
    }


def broker_url(url: str) -> str:
    """Celery names a unix socket otherwise than redis-py does."""
    return url.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")


CELERY_TIMEZONE = TIME_ZONE
CELERY_ENABLE_UTC = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_STORE_ERRORS_EVEN_IF_IGNORED = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TASK_SEND_SENT_EVENT = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": "hub-queue:", "visibility_timeout": 600}
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat" / "schedule")
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
OUTBOX_POLL_SECONDS = 0.5
# A message on the queue is left alone for so long at first, and twice as long at every repeat.
OUTBOX_LEASE_SECONDS = env.number("OUTBOX_LEASE_SECONDS", 120, least=1)

# ---------------------------------------------------------------- e-mail
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Safeguarding Hub <no-reply@hub.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# ---------------------------------------------------------------- API
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Safeguarding Hub",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
}

# ---------------------------------------------------------------- logs
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_config(env.text("LOG_FORMAT", "json"), env.text("LOG_LEVEL", "INFO"))
