SESSION_ENGINE = "foodmood.sessions"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: who is locked out is not looked at
    "apps.accounts.backends.AddressBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"

PASSWORD_HASHERS = [
    "foodmood.password_hashing.Argon2Hasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_HASHES_AT_ONCE = 2  # of each process, 19 MiB each: two web processes stay below 512 MB
PASSWORD_HASH_WAIT = 4  # seconds, then 503
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "apps.accounts.breached_passwords.BreachedPasswordValidator"},  # Django's common passwords are among them
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "apps.accounts.forms.AddEmailForm",
    "login": "apps.accounts.forms.LoginForm",
    "reset_password": "apps.accounts.forms.ResetPasswordForm",
    "change_password": "apps.accounts.forms.ChangePasswordForm",
    "signup": "apps.journal.signup.SignupForm",
}
ACCOUNT_PREVENT_ENUMERATION = "strict"  # an address on somebody else's list, not verified, does not count at sign-up
ACCOUNT_CONFIRM_EMAIL_ON_GET = False  # scanners of mail open every link
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that has just signed up, and in no other
ACCOUNT_MAX_EMAIL_ADDRESSES = 3
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # past the second factor; the way in during an attack: docs/adr/0012
ACCOUNT_LOGIN_BY_CODE_ENABLED = False  # a mailbox alone does not open a diary without leaving a new password behind
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
SIGNUP = env["DJANGO_SIGNUP"]
INVITATION_DAYS = 7

MFA_ADAPTER = "apps.accounts.mfa.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "apps.accounts.codes.ActivateForm",
    "authenticate": "apps.accounts.codes.AuthenticateForm",
    "reauthenticate": "apps.accounts.codes.ReauthenticateForm",
    "add_webauthn": "apps.accounts.passkeys.AddPasskeyForm",
    "authenticate_webauthn": "apps.accounts.passkeys.AuthenticateForm",
    "login_webauthn": "apps.accounts.passkeys.LoginForm",
    "reauthenticate_webauthn": "apps.accounts.passkeys.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False  # who loses the only key would lose the diary
MFA_TOTP_ISSUER = "FoodMood"
MFA_TOTP_TOLERANCE = 0  # allauth remembers a used code for one period: more tolerance would outlive its memory

USERSESSIONS_TRACK_ACTIVITY = True
GEOIP_PATH = env["GEOIP_PATH"]

DEMO_ALLOWED = False  # an account with a public password
