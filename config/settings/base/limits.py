from datetime import timedelta

# How often something may be done: "amount/period/per", per ip (of IPv6 its /64), user (who is signed in) or key (the
# mail address that a form names; for a guess or a code the account, and which device; for a verification mail the
# account and the address). Every further page that needs a limit is one line more, named by method and URL name.
# foodmood/limits.py keeps them, apps/accounts/guesses.py those of guesses and codes, apps/accounts/adapter.py that of
# the mails.
RATE_LIMITS = {
    "guess-unknown-devices": "20/h/key",
    "guess-known-device": "10/h/key",
    "guess-known-devices": "30/h/key",  # all of an account together; no unknown device comes near it
    "code-unknown-devices": "10/h/key",
    "code-known-device": "10/h/key",
    "code-known-devices": "30/h/key",
    "verification-mail": "1/3m/key,6/h/key",
    "POST:account_login": "30/m/ip",
    "POST:account_signup": "10/h/key,20/h/ip",
    "POST:account_reset_password": "5/h/key,20/h/ip",
    "POST:account_reset_password_from_key": "30/h/ip",
    "POST:account_confirm_email": "30/h/ip",
    "POST:account_reauthenticate": "20/h/user,60/h/ip",
    "POST:account_change_password": "10/h/user,30/h/ip",
    "POST:account_set_password": "10/h/user,30/h/ip",
    "POST:account_email": "20/h/user,60/h/ip",
    "GET:mfa_login_webauthn": "20/m/ip,100/h/ip",
    "POST:mfa_login_webauthn": "20/m/ip,100/h/ip",
    "POST:mfa_authenticate": "20/h/ip",
    "POST:mfa_reauthenticate": "20/h/user,60/h/ip",
    "POST:accounts:resend_verification": "20/h/ip",
    "POST:accounts:invitations": "20/h/user,60/h/ip",
    "POST:accounts:resend_invitation": "20/h/user,60/h/ip",
    "POST:portability:import": "60/h/user,120/h/ip",
    "GET:portability:export": "30/h/user,60/h/ip",
    "GET:portability:export_tables": "30/h/user,60/h/ip",
    "POST:accounts:delete": "10/h/user,30/h/ip",
}

# How much one person's diary can contain: more than ten years of ten meals a day, and little enough for every page to
# answer within a second. docs/limits.md has the reasons; apps/accounts/quotas.py enforces them.
DIARY_QUOTAS = {
    "foods": 10_000,
    "ingredients_of_food": 200,
    "containers_of_food": 3_000,
    "ingredients": 30_000,
    "meals": 40_000,
    "meals_of_day": 100,
    "portions_of_meal": 80,
    "portions": 200_000,
    "categories": 200,
    "active_categories": 50,
    "steps_of_category": 101,  # 0 to 100
    "entries": 200_000,
    "entries_of_day": 500,
}

# What RATE_LIMITS counts, allauth need not count again.
_counted_above = [
    "login",
    "login_failed",  # passwords and codes
    "signup",
    "reset_password",
    "reset_password_from_key",
    "reauthenticate",
    "change_password",
    "manage_email",
    "confirm_email",
]
ACCOUNT_RATE_LIMITS: dict[str, str | None] = dict.fromkeys(_counted_above)

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time that the page names stays true
AXES_USERNAME_CALLABLE = "apps.accounts.guesses.counter_name"
AXES_CLIENT_IP_CALLABLE = "allauth.core.internal.ratelimit.get_ip"  # client_ip, of IPv6 its /64, as all other limits
AXES_LOCKOUT_CALLABLE = "apps.accounts.guesses.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # the list of sessions says who is signed in
AXES_ENABLE_ADMIN = False  # apps/accounts/admin.py has pages that show no form data
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username"]  # in its log; what was sent it keeps nowhere: apps/accounts/guesses.py

DEVICE_COOKIE_NAME = "device"
DEVICE_COOKIE_AGE = 400 * 24 * 60 * 60  # browsers keep none longer
