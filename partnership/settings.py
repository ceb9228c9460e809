"""The one settings file. Every difference between machines is an environment variable, listed in docs/running-it.md."""

import os
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from partnership.accounts.sign_in.issuers import providers

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # working files; ignored by git

env = environ.Env()

# --- What kind of portal this is ------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
EXAMPLE = env.bool("EXAMPLE", default=False)  # the Oxfordshire–Cherwell example, with its accounts
EXAMPLE_PASSWORD = env.str("EXAMPLE_PASSWORD", default="example")
TRYING_OUT = DEBUG and EXAMPLE  # its accounts sign in; read here, before the tests turn DEBUG off
EXAMPLE_NOTICE = "Example from the public record; not a paper of either council"

# The licence of what is published, as a Data Package names it: an identifier, a title, and where its text is.
DATA_LICENCE = {
    "name": env.str("LICENCE_NAME", default="OGL-UK-3.0"),
    "title": env.str("LICENCE_TITLE", default="Open Government Licence v3.0"),
    "path": env.str(
        "LICENCE_URL", default="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    ),
}

# `make run` makes a key of its own in var/, so that commands typed afterwards need no environment.
OWN_KEY = VAR_DIR / "secret_key"
SECRET_KEY = env.str("SECRET_KEY", default=OWN_KEY.read_text() if OWN_KEY.is_file() else "")
if not SECRET_KEY and DEBUG:
    SECRET_KEY = "only-for-development-and-tests"  # noqa: S105 -- nobody signs in from elsewhere with DEBUG=1
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "Set SECRET_KEY to a long random text (or DEBUG=1 to try the portal on your own machine)."
    )

SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])  # earlier keys, while the new one is taken up

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])

# --- Apps: imports run one way, partnership ← business_cases ← joint_posts ← reviews --------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",  # the same static server in development as in production
    "django.contrib.staticfiles",
    "django.forms",  # its widget templates, for the form renderer
    "django_filters",
    "simple_history",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "partnership",
    "django.contrib.sessions",  # after the portal's own, whose `clearsessions` extends this one's
    "business_cases",
    "joint_posts",
    "reviews",
]

MIDDLEWARE = [
    "partnership.middleware.ProgramsOverHttps",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # before static files, which carry the policy too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "partnership.middleware.KnownMethods",
    "partnership.middleware.Limits",
    "partnership.middleware.NoNullCharacters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "partnership.middleware.FullySignedIn",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # deny by default; open pages say so themselves
    "partnership.middleware.Pace",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partnership.middleware.PrivatePages",
    "partnership.middleware.SavedForms",
]

ROOT_URLCONF = "partnership.urls"
WSGI_APPLICATION = "partnership.wsgi.application"

# --- Database: SQLite by default, PostgreSQL in production ----------------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
DATABASES["default"]["ATOMIC_REQUESTS"] = False  # with SQLite's IMMEDIATE every GET would take the write lock
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # The file holds salaries, exempt papers and password hashes: it, and whatever is made beside it, is for its owner.
    os.umask(0o077)
    # WAL alone makes eight writers fail at once; WAL with IMMEDIATE and a timeout lets them queue.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA recursive_triggers=ON;",
    }
else:
    # A connection is kept from page to page and tried before it is used: after an outage the portal goes on by itself.
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    # What is away is said to be away within seconds. How long a statement may take, `limit_role` says.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
    # A pooler that gives every transaction another connection cannot keep a cursor open for the next one.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("PGBOUNCER", default=False)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "partnership.User"
AUTHENTICATION_BACKENDS = ["partnership.accounts.backends.MembershipBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "partnership.accounts.sign_in.passwords.NotEasilyGuessed"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "partnership.accounts.sign_in.passwords.NotOurOwnWords"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"

# --- Signing in: two steps, or a council's own account (docs/adr/0020 says why) ---------------------------------------

TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # of ours, in front of the portal
DEFAULT_COSTLY_ANSWERS = 200  # of each kind, for one person in a quarter of an hour
COSTLY_ANSWERS = env.int("COSTLY_ANSWERS", default=DEFAULT_COSTLY_ANSWERS)
ACCOUNT_ADAPTER = "partnership.accounts.sign_in.adapters.AccountAdapter"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60  # how long one may go on changing how one signs in, once confirmed
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator enters the address; nothing hangs on it
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
# allauth counts in the memory of one process. accounts/sign_in/rate_limits.py counts in the database.
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
MFA_ADAPTER = "partnership.accounts.sign_in.adapters.SecondStepAdapter"
MFA_FORMS = {
    "authenticate": "partnership.accounts.sign_in.forms.CodeForm",
    "authenticate_webauthn": "partnership.accounts.sign_in.forms.PasskeyStepForm",
    "activate_totp": "partnership.accounts.sign_in.forms.AppForm",
    "deactivate_totp": "partnership.accounts.sign_in.forms.RemoveAppForm",
    "add_webauthn": "partnership.accounts.sign_in.forms.PasskeyForm",
    "generate_recovery_codes": "partnership.accounts.sign_in.forms.NewCodesForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
SOCIALACCOUNT_ADAPTER = "partnership.accounts.sign_in.adapters.CouncilAccountAdapter"
SOCIALACCOUNT_PROVIDERS = providers(env.json("OIDC_PROVIDERS", default=[]))
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5

# --- The audit trail: keys of exported heads (partnership/audit/heads.py); serving pages needs neither ----------------

AUDIT_SIGNING_KEY = env.str("AUDIT_SIGNING_KEY", default="")  # for export_audit_head alone
AUDIT_PUBLIC_KEY = env.str("AUDIT_PUBLIC_KEY", default="")  # enough for verify_audit --head

# --- Jobs: imports and publications, run by `manage.py work` ----------------------------------------------------------

DEFAULT_JOBS_AT_ONCE = 2  # over all servers; each may take up to a gigabyte of memory
JOBS_AT_ONCE = env.int("JOBS_AT_ONCE", default=DEFAULT_JOBS_AT_ONCE)

# --- E-mail: the weekly reminders; printed instead of sent unless EMAIL_URL names a server ----------------------------

vars().update(env.email("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 10  # seconds; without a limit a silent server holds up everybody else's e-mail
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="portal@localhost")
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000")  # the portal's own address, for links in e-mails

# --- The log: one line for each event on standard error, for the server's journal to keep (docs/security.md) ----------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "partnership.log_lines.Line"}},
    "handlers": {"standard_error": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["standard_error"], "level": "WARNING"},
    "loggers": {
        # Django's own way is to e-mail what went wrong, and to write it nowhere unless DEBUG=1.
        "django": {"handlers": [], "level": "WARNING"},
        "partnership": {"level": "INFO"},  # who signed in
        "weasyprint": {"level": "ERROR"},  # it warns of each rule of our sheets that is for screens
    },
}

# --- Pages ----------------------------------------------------------------------------------------------------------

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
                "partnership.navigation.portal",
            ],
            "builtins": ["partnership.generic.templatetags.portal"],
        },
    },
]
FORM_RENDERER = "partnership.generic.renderer.PortalRenderer"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
FORMAT_MODULE_PATH = ["partnership.formats"]

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "collected"
# Collected as root, and served by the account that the portal runs as.
FILE_UPLOAD_PERMISSIONS = 0o644
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755
STATICFILES_DIRS = [BASE_DIR / "static"]
if (VAR_DIR / "static").is_dir():
    STATICFILES_DIRS.append(VAR_DIR / "static")
PLAIN_NAMES = "django.contrib.staticfiles.storage.StaticFilesStorage"
HASHED_NAMES = "partnership.static_files.CollectedFiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": PLAIN_NAMES if DEBUG else HASHED_NAMES},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # other sites have no use for our files
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG  # read here, before the tests turn DEBUG off

# --- Security -------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "partnership.accounts.sign_in.session_store"
SESSION_COOKIE_AGE = 12 * 60 * 60  # half an hour without a page ends it sooner (partnership.accounts.sign_in.sessions)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "partnership.accounts.sign_in.views.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no cookie of its own
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    if TRUSTED_PROXIES:  # else anybody could say of themselves that they came over HTTPS
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # The prefix makes browsers refuse such a cookie from any other host, and without HTTPS.
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
