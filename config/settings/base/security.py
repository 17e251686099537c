# What each header is for: docs/security.md
from csp.constants import NONE, SELF

SECRET_KEY = env["DJANGO_SECRET_KEY"]
SECRET_KEY_FALLBACKS = env["DJANGO_SECRET_KEY_FALLBACKS"]
SECURITY_CONTACT = env["SECURITY_CONTACT"]  # /.well-known/security.txt
ADMIN_PATH = env["DJANGO_ADMIN_PATH"]
ADMIN_REQUIRES_MFA = False
RELEASE_CHECKS_DEPLOYMENT = False

# Lax, not Strict: a link in a mail has to find its session. The token is read from the page, never from the cookie.
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = env["SCRIPT_NAME"] or "/"
# Messages name what was logged: they wait in the session, not in a cookie that anybody at the device can read.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # not no-referrer: with it browsers send `Origin: null`, and forms are refused
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
PLAIN_HTTP = False
_below = f"{env['SCRIPT_NAME'] or ''}/"
SECURE_REDIRECT_EXEMPT = [rf"^{_below[1:]}((health|ready)/|metrics)$"]  # probes come without HTTPS

CSP_REPORT_PATH = f"{_below}csp-report/"
RESPONSE_HEADERS = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": SECURE_CROSS_ORIGIN_OPENER_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": SECURE_REFERRER_POLICY,
    "Reporting-Endpoints": f'csp="{CSP_REPORT_PATH}"',
    "X-Content-Type-Options": "nosniff",
    "X-XSS-Protection": "0",  # what SECURE_BROWSER_XSS_FILTER once turned on did more harm than good
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],  # data: is the QR code for an authenticator app
        "manifest-src": [SELF],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "report-to": "csp",
        "report-uri": CSP_REPORT_PATH,
    },
}

# Nothing is asked of the device but passkeys.
PERMISSIONS_POLICY: dict[str, list[str]] = {
    "accelerometer": [],
    "autoplay": [],
    "bluetooth": [],
    "browsing-topics": [],
    "camera": [],
    "display-capture": [],
    "encrypted-media": [],
    "fullscreen": [],
    "gamepad": [],
    "geolocation": [],
    "gyroscope": [],
    "hid": [],
    "identity-credentials-get": [],
    "idle-detection": [],
    "local-fonts": [],
    "magnetometer": [],
    "microphone": [],
    "midi": [],
    "otp-credentials": [],
    "payment": [],
    "picture-in-picture": [],
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
    "screen-wake-lock": [],
    "serial": [],
    "storage-access": [],
    "sync-xhr": [],
    "usb": [],
    "web-share": [],
    "window-management": [],
    "xr-spatial-tracking": [],
}
