import tempfile

DEBUG = False
DEMO_ALLOWED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # as in dev
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; never to protect anybody
EMAIL_BACKEND = MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
CACHES["template_fragments"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}  # settings change
WHITENOISE_AUTOREFRESH = True  # no need for collected files
IMPORT_LOCK = tempfile.mkstemp(prefix="foodmood-test-")[1]  # tests beside this one have their own
INSIGHTS_LOCK = tempfile.mkstemp(prefix="foodmood-test-")[1]  # as above
INSIGHTS_SECONDS = 600  # how busy this machine is decides no test

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: tests with several threads need real connections.
    DATABASES["default"]["TEST"] = {"NAME": f"{tempfile.mkdtemp(prefix='foodmood-test-')}/db.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

PROBE_FRESH = 0  # each test finds what is true now
PROBE_PATIENCE = 60  # on a busy machine
