"""Django's settings, derived from the installation's configuration. Nothing is set here by hand per city."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tandem import __version__
from tandem.core.config import load_config

TANDEM_HOME = Path(os.environ["TANDEM_HOME"]).resolve()
TANDEM = load_config(TANDEM_HOME, os.environ)
TANDEM_VERSION = __version__
_SECURE = TANDEM.server.url.startswith("https://")
_HOST = urlsplit(TANDEM.server.url).hostname or "localhost"

SECRET_KEY = (TANDEM_HOME / "keys" / "secret-key").read_text("utf-8").strip()
DEBUG = False
ALLOWED_HOSTS = [_HOST, "localhost", "127.0.0.1", "[::1]", *TANDEM.server.hosts]
ROOT_URLCONF = "tandem.site.urls"
WSGI_APPLICATION = "tandem.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

INSTALLED_APPS = [
    "tandem.site",
    "tandem.catalogue",
    "tandem.participation",
    "tandem.junctions",
    "tandem.exchange",
    "tandem.accounts",
    "tandem.kit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "tandem.kit.middleware.LimitBody",
    "tandem.kit.middleware.CountRequests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tandem.accounts.middleware.SecondFactor",
    "tandem.kit.errors.ShowErrors",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tandem.kit.context.page",
                "tandem.accounts.context.person",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "tandem.kit.templatetags.kit",
                "tandem.kit.templatetags.kit_blocks",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- data ---------------------------------------------------------------------------------------
_DATABASE_URL = os.environ.get("DATABASE_URL") or TANDEM.database.url
if _DATABASE_URL:
    DATABASES = {"default": dj_database_url.parse(_DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(TANDEM_HOME / "tandem.sqlite3"),
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-20000; "
                    "PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    }
_FILES = (
    {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {"bucket_name": TANDEM.storage.bucket, "endpoint_url": TANDEM.storage.endpoint or None},
    }
    if TANDEM.storage.bucket
    else {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": TANDEM_HOME / "files", "base_url": None},
    }
)
STORAGES = {
    "default": _FILES,
    "staticfiles": {"BACKEND": "tandem.kit.assets.Assets"},
}
STATIC_URL = "/static/"
STATIC_ROOT = TANDEM_HOME / "cache" / "static"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = TANDEM_HOME / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- languages ----------------------------------------------------------------------------------
_NAMES = {"de": _("German"), "it": _("Italian"), "en": _("English")}
LANGUAGES = [(code, _NAMES[code]) for code in TANDEM.city.languages]
LANGUAGE_CODE = TANDEM.city.languages[0]
USE_I18N = True
USE_TZ = True
TIME_ZONE = TANDEM.city.timezone
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["tandem.kit.formats"]

# --- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:me"
ACCOUNT_ADAPTER = "tandem.accounts.adapters.allauth.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 7
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "website"
ACCOUNT_FORMS = {
    "add_email": "tandem.accounts.forms.ChangeEmailForm",
    "change_password": "tandem.accounts.forms.ChangePasswordForm",
    "login": "tandem.accounts.forms.SignInForm",
    "reauthenticate": "tandem.accounts.forms.ReauthenticateForm",
    "reset_password": "tandem.accounts.forms.ForgottenForm",
    "reset_password_from_key": "tandem.accounts.forms.NewPasswordForm",
    "set_password": "tandem.accounts.forms.SetPasswordForm",
    "signup": "tandem.accounts.forms.SignUpForm",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _SECURE else "http"
MFA_ADAPTER = "tandem.accounts.adapters.second_factor.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # a pending change of address; nobody signs in with an unverified one
MFA_FORMS = {
    "activate_totp": "tandem.accounts.forms.ActivateForm",
    "authenticate": "tandem.accounts.forms.CodeForm",
    "reauthenticate": "tandem.accounts.forms.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = f"Tandem {TANDEM.city.name(LANGUAGE_CODE)}"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]

# --- mail ---------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = TANDEM.mail.sender
if TANDEM.mail.host:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = TANDEM.mail.host, TANDEM.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = TANDEM.mail.user, TANDEM.mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = TANDEM.mail.tls == "starttls", TANDEM.mail.tls == "tls"
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = TANDEM_HOME / "mail"

# --- safety -------------------------------------------------------------------------------------
_TILES = urlsplit(TANDEM.map.base_map)
_TILE_HOST = [f"{_TILES.scheme}://{_TILES.netloc}"] if _TILES.netloc else []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *_TILE_HOST],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = _SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SECURE
SESSION_COOKIE_NAME = f"{TANDEM.city.id}_session"
CSRF_COOKIE_NAME = f"{TANDEM.city.id}_csrf"
CSRF_COOKIE_AGE = None  # it ends with the browser's session, as the privacy page says
LANGUAGE_COOKIE_NAME = f"{TANDEM.city.id}_language"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "tandem.kit.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [TANDEM.server.url]
X_FRAME_OPTIONS = "DENY"
if TANDEM.server.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- logs ---------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "tandem.kit.logs.JsonFormatter"},
        "plain": {"format": "%(asctime)s %(levelname)-7s %(name)s  %(message)s", "datefmt": "%H:%M:%S"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": TANDEM.server.log}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}, "httpx": {"level": "WARNING"}},
}
