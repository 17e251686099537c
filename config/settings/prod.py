DEBUG = False
ADMIN_REQUIRES_MFA = True
RELEASE_CHECKS_DEPLOYMENT = True
MIDDLEWARE.insert(0, "foodmood.requests.plain_host")  # in dev a port is ours

PLAIN_HTTP = not env["DJANGO_HTTPS"]
SECURE_SSL_REDIRECT = env["DJANGO_SSL_REDIRECT"] and not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else env["DJANGO_HSTS_SECONDS"]
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = SECURE_SSL_REDIRECT

# A browser takes a __Host- cookie over https only, for every path, and from this host alone: no subdomain can plant
# one.
_cookie = "" if PLAIN_HTTP else "__Secure-" if env["SCRIPT_NAME"] else "__Host-"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not PLAIN_HTTP
SESSION_COOKIE_NAME = f"{_cookie}sessionid"
CSRF_COOKIE_NAME = f"{_cookie}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_cookie}language"
DEVICE_COOKIE_NAME = f"{_cookie}device"

if _provider:
    EMAIL_BACKEND = "foodmood.mail.backend.QueueBackend"

if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
