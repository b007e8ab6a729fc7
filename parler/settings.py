"""Every setting of Parler; values come from the environment (docs/operations.md lists them)."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from parler import env
from parler.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("PARLER_DATA") or BASE_DIR / "var")
_env = env.read(DATA_DIR)

DEBUG = _env.flag("DEBUG", default=False)
SECRET_KEY = _env.text("SECRET_KEY")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. `python3 manage.py up` makes one; a deployment sets it."
    )
# Keys that were in use before; the audit trail keeps its seal through a change of the key.
SECRET_KEY_FALLBACKS = _env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = _env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
# The public address: links in e-mails and the API's `uri` values are made from it, never from a Host header.
PARLER_URL = _env.text("PARLER_URL", "http://localhost:8000").rstrip("/")
HTTPS = PARLER_URL.startswith("https://")
PARLER_VERSION = "1.0.0"
CSRF_TRUSTED_ORIGINS = _env.words("CSRF_TRUSTED_ORIGINS", PARLER_URL)

INSTALLED_APPS = [
    "django_linear_migrations",
    "parler",
    "moderation",
    "posts",
    "accounts",
    "parler.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "oauth2_provider",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "lucide",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "parler.ways.WayMiddleware",
    "parler.limits.BodyLimitMiddleware",
    "parler.api.cors.CorsMiddleware",
    "parler.api.slashes.OptionalSlashMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "parler.languages.AccountLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "parler.csp.ContentSecurityPolicyMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "parler.limits.RateLimitMiddleware",
    "parler.restrictions.RestrictionMiddleware",
]

ROOT_URLCONF = "parler.urls"
WSGI_APPLICATION = "parler.wsgi.application"
# Every route answers with and without a slash where a client may ask either way; a redirect would lose a POST.
APPEND_SLASH = False

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parler.pages.site",
            ],
            "builtins": [
                "lucide.templatetags.lucide",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]

_database_url = _env.text("DATABASE_URL", "postgresql:///parler")
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(_database_url, engine="django.db.backends.postgresql")
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    pool={"min_size": 1, "max_size": _env.number("DATABASE_POOL", 8), "timeout": 5}
)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _env.text("CACHE_URL", "redis://localhost:6379/1"),
        "KEY_PREFIX": "parler",
        # A page asks the cache a few times; when it hangs, each costs this many seconds.
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

CELERY_BROKER_URL = _env.text("CELERY_BROKER_URL", "redis://localhost:6379/0")

# Where the scanner's data lies; empty means what the release ships.
PARLER_RULESET = _env.text("PARLER_RULESET")
PARLER_MODEL = _env.text("PARLER_MODEL")
# For how long a worker has the batch that it took; when it died, the batch is due again after as many seconds.
PARLER_LEASE_SECONDS = _env.number("PARLER_LEASE_SECONDS", 15)

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.RoleBackend"]
# The first is for people; the second only checks the secrets of apps.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "parler.oauth.hashing.SecretHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("handle", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "login": "accounts.forms.LoginForm",
    "add_email": "accounts.forms.AddEmailForm",
}
ACCOUNT_USERNAME_VALIDATORS = "accounts.handles.HANDLE_VALIDATORS"
ACCOUNT_PRESERVE_USERNAME_CASING = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
# A code, like everywhere else: a link would be built from the Host header.
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
# A session left open somewhere is not enough to take an account over by changing its address.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Parler: "
ACCOUNT_CHANGE_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_TOTP_ISSUER = "Parler"
# Nobody enters the desk with a password alone; `up --demo` switches it off.
STAFF_SECOND_FACTOR = _env.flag("STAFF_SECOND_FACTOR", default=True)
# Tracking costs five queries, one of them a write, on every page that somebody signed in looks at.
USERSESSIONS_TRACK_ACTIVITY = False

EMAIL_BACKEND = _env.text("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST = _env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = _env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = _env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = _env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = _env.flag("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = _env.text("DEFAULT_FROM_EMAIL", "Parler <noreply@localhost>")

# Where people write who want a decision looked at again; it stands in every statement of reasons.
CONTACT_EMAIL = _env.text("CONTACT_EMAIL", "moderation@localhost")

# Languages
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# The second one is ours too: it says with "du" what allauth says with "Sie". Whoever comes first has the word.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_of_allauth"]
TIME_ZONE = "UTC"

# Pages
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
CSRF_FAILURE_VIEW = "parler.pages.csrf_failure"

# Security
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
# How many proxies stand before the server and add to X-Forwarded-For; what a client writes there itself counts for nothing.
PROXIES = int(_env.flag("BEHIND_PROXY", default=False))
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_ENGINE = "parler.sessions"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"

# REST
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["parler.api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["parler.api.access.Permission"],
    "DEFAULT_THROTTLE_CLASSES": ["parler.api.throttling.Throttle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "parler.api.negotiation.JsonForAll",
    "DEFAULT_SCHEMA_CLASS": "parler.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "parler.api.errors.exception_handler",
    "NUM_PROXIES": PROXIES,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Parler",
    "DESCRIPTION": "The client API of Mastodon, as far as Parler has what it is about. Posts are checked before others see "
    "them: the key `parler.moderation` of a status tells its author, and nobody else, how that stands.",
    "VERSION": PARLER_VERSION,
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v[0-9]",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": ["parler.api.schema.add_entities", "parler.api.schema.add_errors"],
}
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "parler.oauth.scopes.Scopes",
    "OAUTH2_SERVER_CLASS": "parler.oauth.server.Server",
    "CLIENT_SECRET_HASHER": "pbkdf2_sha256_secret",
    # Long enough to copy a code by hand.
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 600,
    # Clients never refresh; people revoke in their settings.
    "ACCESS_TOKEN_EXPIRE_SECONDS": 10 * 365 * 24 * 3600,
    # Several clients send no challenge; one that is sent must be S256.
    "PKCE_REQUIRED": False,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    # Answers name this server, so that an app which uses several cannot be made to mix them up.
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "OIDC_ISS_ENDPOINT": PARLER_URL,
    # There are no refresh tokens, and each app brings the schemes of its own addresses: strict, for whatever comes later.
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "accounts.Application"

# Limits of use, as "count/seconds"; docs/operations.md explains each.
RATE_LIMITS = {
    "api_user": _env.text("RATE_API_USER", "1500/300"),
    "api_anonymous": _env.text("RATE_API_ANONYMOUS", "300/300"),
    "api_apps": _env.text("RATE_API_APPS", "5/600"),
    "post": _env.text("RATE_POST", "60/600"),
    "report": _env.text("RATE_REPORT", "20/600"),
    # Notices of people without an account: by network address, by e-mail address, and of all together.
    "notice": _env.text("RATE_NOTICE", "5/3600"),
    "notice_email": _env.text("RATE_NOTICE_EMAIL", "10/86400"),
    "notice_all": _env.text("RATE_NOTICE_ALL", "300/3600"),
    "appeal": _env.text("RATE_APPEAL", "20/600"),
    "follow": _env.text("RATE_FOLLOW", "200/3600"),
}

LOGGING_CONFIG = None
logging_config(debug=DEBUG, as_json=_env.flag("LOG_JSON", default=not DEBUG))
# auth.W004: handles are unique, in any case of letters, by a functional constraint that this check does not know.
# oauth2_provider.W010: PKCE is not required, because common clients send no challenge; one that is sent is enforced.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "oauth2_provider.W010"]
