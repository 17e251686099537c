DEBUG = False
ADMIN_REQUIRES_MFA = True
RELEASE_CHECKS_DEPLOYMENT = True
MIDDLEWARE.insert(0, "foodmood.requests.plain_host")  # in dev a port is ours

SECURE_SSL_REDIRECT = env["DJANGO_SSL_REDIRECT"]
SECURE_HSTS_SECONDS = env["DJANGO_HSTS_SECONDS"]
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
CONTENT_SECURITY_POLICY["DIRECTIVES"]["upgrade-insecure-requests"] = SECURE_SSL_REDIRECT

# A browser takes a __Host- cookie over https only, and from this host alone: no subdomain can plant one.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_NAME = "__Host-language"
DEVICE_COOKIE_NAME = "__Host-device"

if _provider:
    EMAIL_BACKEND = "foodmood.mail.backend.QueueBackend"

if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
