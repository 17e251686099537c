from config.env import BASE_DIR

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

MIDDLEWARE = [
    "foodmood.telemetry.requests.observed",  # outermost: it sees what leaves
    # These four only write headers, so they stand outside: no answer leaves without them.
    "foodmood.headers.everywhere",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "foodmood.proxies.notice_undeclared_proxy",  # before the redirect to https
    "django.middleware.security.SecurityMiddleware",
    "foodmood.health.probes",  # before all that wants a host name, a session or the database: a probe brings none
    "foodmood.requests.printable_headers",
    "foodmood.requests.short_query",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "foodmood.privacy.never_cached",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.middleware.LogInFirst",  # a view is private unless it says otherwise
    "apps.accounts.consent.ConsentFirst",
    "apps.accounts.middleware.own_time_zone",
    "foodmood.clock.own_clock",
    "apps.accounts.devices.remember_device",
    "apps.accounts.middleware.own_language",
    "apps.accounts.middleware.LastSeen",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "foodmood.limits.RateLimits",
    "axes.middleware.AxesMiddleware",  # last: turns a refused log-in into the answer
]

ALLOWED_HOSTS = env["DJANGO_ALLOWED_HOSTS"]
FORCE_SCRIPT_NAME = env["SCRIPT_NAME"] or None
CSRF_TRUSTED_ORIGINS = env["DJANGO_CSRF_TRUSTED_ORIGINS"]
TRUSTED_PROXY_COUNT = env["TRUSTED_PROXY_COUNT"]

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # of a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
FILE_UPLOAD_HANDLERS = [
    "foodmood.uploads.WithinLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # what is larger waits on the disk, and is read beside the web processes
IMPORT_MAX_BYTES = 50 * 1024 * 1024
IMPORT_SECONDS = 25  # platforms give up after 30
IMPORT_MEMORY = 400 * 1024 * 1024
IMPORT_LOCK = BASE_DIR / "manage.py"  # any file that is there: large files are read one at a time on each machine

# One analysis, which is computed beside the web processes too: see apps/insights/apart.py.
INSIGHTS_SECONDS = 25  # to wait for others, and as many again to compute
INSIGHTS_MEMORY = 400 * 1024 * 1024
INSIGHTS_LOCK = BASE_DIR / "apps" / "insights" / "__main__.py"  # as above: one at a time on each machine
