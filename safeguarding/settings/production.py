"""Everywhere that real children are: refuses to start unless each thing that protects them is in place."""

from django.core.exceptions import ImproperlyConfigured

from safeguarding import env
from safeguarding.settings.base import *  # noqa: F403 - settings modules build on each other
from safeguarding.settings.base import broker_url, caches, databases
from safeguarding.settings.refusals import Configuration, refusals

DEMO = env.flag("DEMO")
ROOT_KEYS = env.root_keys()
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS")
SITE_URL = env.text("SITE_URL").rstrip("/")
DATABASE_URL = env.text("DATABASE_URL")
DATABASE_OWNER_URL = env.text("DATABASE_OWNER_URL")
REDIS_URL = env.text("REDIS_URL")
EMAIL_HOST = env.text("EMAIL_HOST")

if sentences := refusals(
    Configuration(
        secret_key=SECRET_KEY,
        debug=env.flag("DEBUG"),
        demo=DEMO,
        root_keys=ROOT_KEYS,
        allowed_hosts=ALLOWED_HOSTS,
        site_url=SITE_URL,
        database_url=DATABASE_URL,
        redis_url=REDIS_URL,
        email_host=EMAIL_HOST,
    )
):
    raise ImproperlyConfigured("The Safeguarding Hub does not start:\n" + "\n".join(f"- {s}" for s in sentences))

# Asked of the database itself when a process starts; see runtime/start.py.
REFUSES_UNFIT_DATABASE = True
DATABASES = databases(DATABASE_URL, DATABASE_OWNER_URL or DATABASE_URL)
CACHES = caches(REDIS_URL)
CELERY_BROKER_URL = broker_url(REDIS_URL)

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_PORT = env.number("EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", True)

ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-hub_session"
CSRF_COOKIE_NAME = "__Host-hub_csrf"
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
# TLS ends at the proxy in front; only with this header does a request count as https.
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
TRUST_PROXY = env.flag("TRUST_PROXY", True)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
