"""Settings with safe defaults. `demo` and `test` add to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from motcua.config.database_url import read_database_url
from motcua.config.environment import REPOSITORY, environment
from motcua.config.mail import mail_settings
from motcua.foundation.postgres import server as postgres

VAR = environment.var
REPOSITORY_DIR = REPOSITORY
PACKS = REPOSITORY / "packs"
DEMO = False
DEBUG = False
SECRET_KEY = environment.secret("secret_key")
BASE_URL = (environment.base_url or environment.served_at or "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
ALLOWED_HOSTS = [*environment.hosts, urlsplit(BASE_URL).hostname or ""]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.idp.oidc",
    "procrastinate.contrib.django",
    "motcua.foundation.ui.apps.UiConfig",
    "django.forms",
    "motcua.foundation.journal.apps.JournalConfig",
    "motcua.foundation.installation.apps.InstallationConfig",
    "motcua.foundation.files.apps.FilesConfig",
    "motcua.foundation.signatures.apps.SignaturesConfig",
    "motcua.foundation.notifications.apps.NotificationsConfig",
    "motcua.registry.access.apps.AccessConfig",
    "allauth.mfa",
    "motcua.registry.organisations.apps.OrganisationsConfig",
    "motcua.registry.people.apps.PeopleConfig",
    "motcua.registry.catalogue.apps.CatalogueConfig",
    "motcua.registry.places.apps.PlacesConfig",
    "motcua.casework.forms.apps.FormsConfig",
    "motcua.casework.process.apps.ProcessConfig",
    "motcua.casework.warehouse.apps.WarehouseConfig",
    "motcua.casework.fees.apps.FeesConfig",
    "motcua.casework.appointments.apps.AppointmentsConfig",
    "motcua.casework.dossiers.apps.DossiersConfig",
    "motcua.casework.packs.apps.PacksConfig",
    "motcua.casework.disposal.apps.DisposalConfig",
    "motcua.community.helpdesk.apps.HelpdeskConfig",
    "motcua.community.surveys.apps.SurveysConfig",
    "motcua.oversight.indicators.apps.IndicatorsConfig",
    "motcua.oversight.operations.apps.OperationsConfig",
    "motcua.doors.portal.apps.PortalConfig",
    "motcua.doors.console.apps.ConsoleConfig",
    "motcua.doors.api.apps.ApiConfig",
    "motcua.config.apps.ConfigConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "motcua.doors.api.middleware.ApiMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "motcua.foundation.installation.middleware.OfferedLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "motcua.registry.access.middleware.SessionMiddleware",
    "motcua.registry.access.middleware.ActorMiddleware",
    "motcua.foundation.ui.middleware.PlainAddressMiddleware",
    "motcua.foundation.ui.middleware.DomainErrorMiddleware",
    "motcua.registry.access.sent_once.SentOnceMiddleware",
]

ROOT_URLCONF = "motcua.config.urls"
WSGI_APPLICATION = "motcua.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "motcua.foundation.ui.context.shell",
            ],
            "builtins": ["motcua.foundation.ui.templatetags.ui", "django.templatetags.i18n"],
        },
    }
]
FORM_RENDERER = "motcua.foundation.ui.rendering.Renderer"


def database(role: str) -> dict[str, Any]:
    """Connection settings: `MOTCUA_DATABASE_URL`, else the embedded server (see foundation.postgres)."""
    common: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
            # Statements are prepared at their third use: half of the database's work is planning otherwise.
            # Between here and PostgreSQL there may be PgBouncer 1.21 or later, no older one.
            "server_side_binding": True,
            "prepare_threshold": 3,
        },
    }
    url = environment.database_url
    if role == "owner":
        url = environment.owner_database_url or url
    if not url:
        address = postgres.address(VAR)
        name = postgres.OWNER_ROLE if role == "owner" else postgres.APP_ROLE
        return common | {
            "NAME": address.database,
            "USER": name,
            "HOST": str(address.socket_dir),
            "PORT": str(address.port),
        }
    named = read_database_url(url)
    return common | {
        "NAME": named.name,
        "USER": named.user,
        "PASSWORD": named.password,
        "HOST": named.host,
        "PORT": named.port,
        "OPTIONS": {**named.options, **common["OPTIONS"]},
    }


DATABASES = {"default": database(environment.database_role)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The role that serves pages and runs jobs: may add journal entries, never change them.
APP_DATABASE_ROLE = postgres.APP_ROLE

AUTH_USER_MODEL = "registry_access.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "people:sign-in"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "portal:home"

ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "motcua.registry.people.adapters.eid.NoSignUpAdapter"
ACCOUNT_SESSION_REMEMBER = False
# Ours counts in the database, for all processes (registry.access.services.throttle); django-allauth's does not.
ACCOUNT_RATE_LIMITS = False
# How many proxies stand before the server: whose address is slowed after wrong passwords.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.proxies
SOCIALACCOUNT_ADAPTER = "motcua.registry.people.adapters.eid.EidAdapter"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
# Which provider, and our secret there: a setting of the installation, asked for at each sign-in (registry.people).
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
EID_ISSUER = environment.eid_issuer.rstrip("/")
EID_CLIENT_ID, EID_CLIENT_SECRET = environment.eid_client_id, environment.eid_client_secret
# A second provider that people may sign in with, once they have linked it to their account.
SSO_ISSUER, SSO_NAME = environment.sso_issuer.rstrip("/"), environment.sso_name
SSO_CLIENT_ID, SSO_CLIENT_SECRET = environment.sso_client_id, environment.sso_client_secret

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # forms carry the token; no script needs it
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https:")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SESSION_COOKIE_SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LANGUAGE_CODE = environment.language
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English")), ("de", _("German"))]
LOCALE_PATHS = [Path(__file__).resolve().parents[2] / "locale"]
LANGUAGE_COOKIE_NAME = "motcua_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = REPOSITORY / "build" / "collected"
STATICFILES_DIRS = [REPOSITORY / "build" / "static"]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

FILES_DIR = VAR / "files"
# The whole catalogue as files for programs, made anew when it changes.
CATALOGUE_DIR = VAR / "catalogue"
FONTS_DIR = REPOSITORY / "build" / "fonts"
SIGNATURES_DIR = VAR / "signatures"
_MB = 1024 * 1024
FILES_MAX_BYTES: dict[str, int] = {
    "pdf": environment.max_pdf_mb * _MB,
    "jpeg": environment.max_picture_mb * _MB,
    "png": environment.max_picture_mb * _MB,
}
MAX_UPLOAD_BYTES = max(FILES_MAX_BYTES.values())
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# A leader may sign 500 papers at once.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 600
FILE_UPLOAD_HANDLERS = ["motcua.foundation.files.upload.LimitedUploadHandler"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "motcua.foundation.kernel.calls.CallFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"motcua": {"level": "INFO"}},
}

PLACE_NAME = environment.place_name
HOTLINE = "1022"
LOGOUT_URL = "people:sign-out"
SEARCH_URL = "catalogue:search"
DESK_SEARCH_URL = "console:search"
SIGNATURES_PASSPHRASE = environment.signatures_passphrase
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# The journal's seals: a key outside the database, and a file beside it with the head of every batch.
JOURNAL_KEY = environment.secret("journal_key")
JOURNAL_HEADS_FILE = environment.journal_heads_file or VAR / "journal" / "heads.jsonl"
JOURNAL_STAMP_EVERY_SECONDS = environment.journal_stamp_every_seconds
METRICS_TOKEN = environment.metrics_token
# Messages. Without an address of a relay or gate the channel is not used.
_mail = mail_settings(environment.smtp_url, BASE_URL)
EMAIL_READY = bool(environment.smtp_url)
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.tls, _mail.starttls
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _mail.sender
SMS_URL, SMS_TOKEN = environment.sms_url, environment.sms_token
SMS_REPORT_SECRET = environment.sms_report_secret
# Empty: the folder FILES_DIR; else an `s3:` address (foundation.files.adapters.s3).
FILES_STORE = environment.files_store
S3_ACCESS_KEY, S3_SECRET_KEY = environment.s3_access_key, environment.s3_secret_key
# Scans that are read at the same time over all workers: each takes a processor for seconds a page.
OCR_AT_ONCE = environment.ocr_at_once
CLAMD = environment.clamd
# What happens to uploads while the scanner is down: `refuse`, or `accept` and scan later.
CLAMD_DOWN = environment.clamd_down
RETENTION_FILE = PACKS / "vn" / "retention.yaml"
RESULT_CODES_FILE = PACKS / "vn" / "result_codes.yaml"
TSA_URL, TSA_USER, TSA_PASSWORD = environment.tsa_url, environment.tsa_user, environment.tsa_password
# PAdES level that results are brought to after signing, and how long before the end of an archive time stamp's
# certificate it is renewed.
SIGNATURE_LEVEL = environment.signature_level or ("B-LTA" if TSA_URL else "B-B")
SIGNATURE_RENEWAL_DAYS = environment.signature_renewal_days
EXTRACT_KEY_REF = environment.extract_key
# Officers: a second factor is `required`, or `optional` (the demonstration). Sessions end after this many seconds
# without a page, and after so many altogether.
SECOND_FACTOR = environment.second_factor or ("optional" if environment.demo else "required")
OFFICER_IDLE_SECONDS = environment.officer_idle_minutes * 60
OFFICER_SESSION_SECONDS = environment.officer_session_hours * 3600
MFA_ADAPTER = "motcua.registry.access.adapters.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# One step of 30 s before and after: clocks of telephones differ.
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = False
# Where people choose in whose name they act.
ACTING_URL = "portal:acting"
# What the operator has set cannot be changed on pages (foundation.installation).
OPERATOR_VARIABLES = environment.given()

# Other programs: the provider of OAuth 2 and OpenID Connect (registry.access.clients).
# Calls of the API that one caller, a program or a person, may make in a minute.
API_CALLS_PER_MINUTE = environment.api_calls_per_minute
IDP_OIDC_ADAPTER = "motcua.registry.access.clients.provider.ProviderAdapter"
IDP_OIDC_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 600
IDP_OIDC_ID_TOKEN_EXPIRES_IN = 300
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 60
IDP_OIDC_JWKS_CACHE_CONTROL = 300
IDP_OIDC_RP_INITIATED_LOGOUT_ASKS_FOR_OP_LOGOUT = True
# Authorization codes and the counts of rate limits: shared by all processes and machines, so in the database.
CACHES = {"default": {"BACKEND": "motcua.registry.access.shared_cache.SharedCache"}}
