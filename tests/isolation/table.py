"""Every address of the site: who may open it, how, and what a valid request to it looks like.

**A new address needs a row here**, or `test_every_url.py` fails and prints the row to begin with:

    Row("meals/<int:pk>/again/", at="meals/{meal}/again/", methods=POST)

- `route`: as `test_every_url.py` prints it (the URLconf's own text; the admin's path is written `admin/`).
- `at`: the path, with the fields of `diary.Diary` where the route takes something; not needed where it takes nothing.
  An address takes *whose* rows? Then name them: the test fills in alice's ids, bob's and a ghost's.
- `who`: EVERYBODY, PEOPLE (who are signed in; the default), STAFF (of the admin), OPERATORS (superusers).
- `methods`: those that do not answer 405. GET and HEAD by default.
- `form`: a valid form. Does it hold ids or names? Then as a function of whose diary they are from: every field in
  which alice's differs from bob's is what bob tries to smuggle into his own. Bytes are an uploaded file.
- `query`: likewise, what may follow the question mark.
- `shows`: whether the owner sees diary text there. Default: yes, if PEOPLE may open it by GET.
- `no_token`: why a POST needs no CSRF token (another way to know who sends it).
- `logs_out`: whether it rightly ends at the log-in page.

An address whose form does several things has a row for each.

The walks over the table (isolation, CSRF, clickjacking, scripts in texts, nasty values) take a new row up alone.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tests.factories import PASSWORD as OLD_PASSWORD
from tests.isolation import passkey
from tests.isolation.diary import DAY, Diary
from tests.isolation.urlconf import ADMIN, routes

Form = dict[str, Any]
FormOf = Callable[[Diary], Form]

READ = "GET HEAD"
POST = "POST"
FORM = "GET HEAD POST"  # a page with a form that is sent to itself
CLASS_PAGE = "GET HEAD OPTIONS"  # class-based views also answer OPTIONS …
NO_PUT = "GET HEAD POST OPTIONS"
CLASS_FORM = "GET HEAD POST PUT OPTIONS"  # … and take PUT for POST
ANY = "GET HEAD POST PUT PATCH DELETE OPTIONS"  # views that lead elsewhere whatever they are asked


class Who(Enum):
    EVERYBODY = "everybody"
    PEOPLE = "people who are signed in"
    STAFF = "staff"
    OPERATORS = "operators"


EVERYBODY, PEOPLE, STAFF, OPERATORS = Who


@dataclass(frozen=True)
class Row:
    """See this module's docstring."""

    route: str
    at: str | None = None
    who: Who = PEOPLE
    methods: str | None = READ  # None: whatever the admin answers
    form: FormOf | Form = field(default_factory=dict)
    query: FormOf | Form = field(default_factory=dict)
    shows: bool | None = None
    no_token: str = ""
    logs_out: bool = False

    def path(self, diary: Diary) -> str:
        at = self.route if self.at is None else self.at
        return re.sub(r"^/admin/", ADMIN, "/" + at.format_map(vars(diary)))

    def form_of(self, diary: Diary) -> Form:
        return self.form(diary) if callable(self.form) else self.form

    def query_of(self, diary: Diary) -> Form:
        return self.query(diary) if callable(self.query) else self.query

    @property
    def takes_ids(self) -> bool:
        return self.at is not None and re.search(r"{\w+}", self.at) is not None

    @property
    def answered(self) -> set[str]:
        return set((self.methods or FORM).split())

    @property
    def shows_diary(self) -> bool:
        return self.who is PEOPLE and "GET" in self.answered if self.shows is None else self.shows

    def __str__(self) -> str:
        return self.route or "/"


def archive(diary: Diary) -> bytes:
    """A small archive that names what a diary may hold."""
    return json.dumps(
        {
            "format": "foodmood",
            "version": 1,
            "timezone": "Europe/Berlin",
            "edibles": [{"name": diary.edible_name, "ingredients": []}],
            "meals": [
                {
                    "title": "",
                    "category": "LUNCH",
                    "eaten_at": f"{DAY}T12:00:00+01:00",
                    "notes": "",
                    "edibles": [{"name": diary.edible_name, "amount": None, "unit": ""}],
                }
            ],
            "wellbeing": {"categories": [], "entries": []},
        }
    ).encode()


def meal(diary: Diary) -> Form:
    return {"edible": diary.edible_name, "amount": "1", "category": "LUNCH", "eaten_at": f"{DAY}T12:30"}


def scale(diary: Diary) -> Form:
    return {
        "name": "Focus",
        "higher_is_better": "True",
        "options-TOTAL_FORMS": "2",
        "options-INITIAL_FORMS": "2",
        "options-0-pk": str(diary.option),
        "options-0-label": "Low",
        "options-0-value": "1",
        "options-1-pk": str(diary.other),
        "options-1-label": "High",
        "options-1-value": "2",
    }


def passkey_of(diary: Diary) -> Form:
    return {"credential": json.dumps(passkey.log_in(diary.user36))}


def address_with(action: str) -> FormOf:
    return lambda diary: {action: "", "email": diary.email}


def new_scale(diary: Diary) -> Form:
    return {name: value for name, value in scale(diary).items() if not name.endswith("-pk")} | {
        "options-INITIAL_FORMS": "0",
        "name": "Another",
    }


PASSWORD = "rye-bread-at-dawn"  # a new one

ROWS = [
    # Today
    Row("", query={"day": DAY}, shows=False),
    Row("day/", query={"date": DAY}, shows=False),
    Row("day/<day:day>/", at=f"day/{DAY}/"),
    Row("day/<day:day>/meal/", at=f"day/{DAY}/meal/", methods=POST, form=meal),
    Row(
        "day/<day:day>/check-in/",
        at=f"day/{DAY}/check-in/",
        methods=POST,
        form=lambda diary: {f"category-{diary.category}": str(diary.option), "recorded_at": f"{DAY}T13:00"},
    ),
    Row("log/suggest/", query=lambda diary: {"q": diary.mark}),
    Row("log/starter-categories/", methods=POST),
    # meals
    Row("meals/", query=lambda diary: {"q": diary.mark, "edible": str(diary.edible), "page": "1"}),
    Row("meals/<int:pk>/", at="meals/{meal}/", methods=FORM, form=meal),
    Row("meals/<int:pk>/delete/", at="meals/{meal}/delete/", methods=POST),
    Row("meals/<int:pk>/again/", at="meals/{meal}/again/", methods=POST),
    # edibles
    Row("edibles/", query=lambda diary: {"q": diary.mark, "page": "1"}),
    Row(
        "edibles/new/",
        methods=FORM,
        form=lambda diary: {"name": "Porridge", "added": diary.edible_name},
        query={"name": "Porridge"},
    ),
    Row("edibles/<int:pk>/", at="edibles/{edible}/"),
    Row(
        "edibles/<int:pk>/edit/",
        at="edibles/{container}/edit/",
        methods=FORM,
        form=lambda diary: {
            "name": "Porridge",
            "ingredients": str(diary.edible),
            "ingredients-shown": str(diary.edible),
            "added": f"{diary.mark}Loose",
        },
    ),
    Row(
        "edibles/<int:pk>/duplicate/",
        at="edibles/{edible}/duplicate/",
        methods=POST,
        form=lambda diary: {"name": f"{diary.edible_name}2"},
    ),
    Row("edibles/<int:pk>/delete/", at="edibles/{loose}/delete/", methods=POST),
    # wellbeing
    Row("wellbeing/", query=lambda diary: {"category": str(diary.category), "page": "1"}),
    Row(
        "wellbeing/entries/<int:pk>/",
        at="wellbeing/entries/{entry}/",
        methods=FORM,
        form=lambda diary: {"option": str(diary.other), "recorded_at": f"{DAY}T13:00"},
    ),
    Row("wellbeing/entries/<int:pk>/delete/", at="wellbeing/entries/{entry}/delete/", methods=POST),
    Row("wellbeing/categories/"),
    Row("wellbeing/categories/new/", methods=FORM, form=new_scale, shows=False),
    Row("wellbeing/categories/starters/", methods=POST),
    Row("wellbeing/categories/<int:pk>/", at="wellbeing/categories/{category}/", methods=FORM, form=scale),
    Row("wellbeing/categories/<int:pk>/archive/", at="wellbeing/categories/{category}/archive/", methods=POST),
    Row("wellbeing/categories/<int:pk>/restore/", at="wellbeing/categories/{spare}/restore/", methods=POST),
    Row("wellbeing/categories/<int:pk>/delete/", at="wellbeing/categories/{spare}/delete/", methods=POST),
    # insights
    Row("insights/"),
    Row("insights/how/", shows=False),
    Row("insights/<int:pk>/", at="insights/{category}/"),
    # files in and out
    Row("data/", query={"page": "1"}),
    Row("data/imports/<int:pk>/undo/", at="data/imports/{imported}/undo/", methods=FORM),
    Row("data/export/"),
    Row("data/export/tables/"),
    Row(
        "data/import/",
        methods=POST,
        form=lambda diary: {"kind": "foodmood", "file": archive(diary), "import": "1"},
    ),
    # the own account
    Row(
        "account/",
        methods=FORM,
        form={"time_zone": "Asia/Tokyo", "language": "de", "hour_format": "24", "remind_at": "20:00"},
        shows=False,
    ),
    Row("account/consent/", methods=FORM, form={"consent": "on"}, query={"next": "/meals/"}, shows=False),
    Row("account/delete/", methods=FORM, form=lambda diary: {"email": diary.email}, shows=False, logs_out=True),
    Row("account/events/", query={"page": "1"}),
    Row("account/enrol/<str:token>/", at="account/enrol/no-link/", shows=False),
    Row("account/review/", methods=FORM, form=lambda diary: {"factors": str(diary.key)}, shows=False),
    Row("account/resend/", who=EVERYBODY, methods=POST),
    Row("account/sessions/<int:pk>/end/", at="account/sessions/{device}/end/", methods=POST),
    # invitations
    Row("account/invitations/", who=STAFF, methods=FORM, form=lambda diary: {"email": diary.email}),
    Row(
        "account/invitations/<int:pk>/resend/",
        at="account/invitations/{invitation}/resend/",
        who=STAFF,
        methods=POST,
    ),
    Row(
        "account/invitations/<int:pk>/withdraw/",
        at="account/invitations/{invitation}/withdraw/",
        who=STAFF,
        methods=POST,
    ),
    Row(
        "account/invitations/accept/<str:token>/",
        at="account/invitations/accept/no-{invitation}/",
        who=EVERYBODY,
    ),
    Row(
        "account/reminders/off/<str:token>/",
        at="account/reminders/off/no-{invitation}/",
        who=EVERYBODY,
        methods=FORM,
        no_token="mail programs send it for their people, and the link itself is the proof",
    ),
    # for all, and for browsers
    Row("privacy/", who=EVERYBODY),
    Row("language/", who=EVERYBODY, methods=POST, form={"language": "de", "next": "/meals/"}),
    Row("favicon.ico", who=EVERYBODY),
    Row(".well-known/change-password", who=EVERYBODY),
    Row(".well-known/security.txt", who=EVERYBODY),
    Row("csp-report/", who=EVERYBODY, methods=POST, no_token="browsers send their reports without one"),
    # allauth
    Row(
        "accounts/login/",
        who=EVERYBODY,
        methods=CLASS_FORM,
        form=lambda diary: {"login": diary.email, "password": PASSWORD},
        query={"next": "/meals/"},
    ),
    Row("accounts/logout/", who=EVERYBODY, methods=NO_PUT, query={"next": "/meals/"}),
    Row(
        "accounts/signup/",
        who=EVERYBODY,
        methods=CLASS_FORM,
        form=lambda diary: {"email": diary.email, "password1": PASSWORD, "consent": "on", "time_zone": "Asia/Tokyo"},
        query={"next": "/meals/"},
    ),
    Row("accounts/inactive/", who=EVERYBODY, methods=CLASS_PAGE),
    # Whoever has a second factor is led on to it, whatever they ask.
    Row("accounts/reauthenticate/", methods=ANY, form={"password": PASSWORD}, shows=False),
    *(
        Row("accounts/email/", methods=CLASS_FORM, form=address_with(action))
        for action in ("action_primary", "action_add", "action_send", "action_remove")
    ),
    Row("accounts/confirm-email/", who=EVERYBODY, methods=CLASS_PAGE),
    Row(
        "accounts/confirm-email/<str:key>/",
        at="accounts/confirm-email/{address}:no-key/",
        who=EVERYBODY,
        methods=NO_PUT,
    ),
    Row(
        r"accounts/^confirm-email/(?P<key>[-:\w]+)/$",
        at="accounts/confirm-email/{address}:no-key/",
        who=EVERYBODY,
        methods=NO_PUT,
    ),
    Row("accounts/login/code/confirm/", who=EVERYBODY, methods=ANY),
    Row(
        "accounts/password/change/",
        methods=CLASS_FORM,
        form={"oldpassword": OLD_PASSWORD, "password1": PASSWORD, "password2": PASSWORD},
        shows=False,
    ),
    Row("accounts/password/set/", methods=ANY, shows=False),
    Row(
        "accounts/password/reset/",
        who=EVERYBODY,
        methods=CLASS_FORM,
        form=lambda diary: {"email": diary.email},
    ),
    Row("accounts/password/reset/done/", who=EVERYBODY, methods=CLASS_PAGE),
    Row(
        "accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        at="accounts/password/reset/key/{user36}-no-key/",
        who=EVERYBODY,
        methods=ANY,
        form={"password1": PASSWORD, "password2": PASSWORD},
    ),
    Row("accounts/password/reset/key/done/", who=EVERYBODY, methods=CLASS_PAGE),
    # allauth: a second step, and where one is signed in
    Row("accounts/2fa/", methods=CLASS_PAGE, shows=False),
    Row("accounts/2fa/authenticate/", who=EVERYBODY, methods=ANY, form={"code": "123456"}),
    Row("accounts/2fa/reauthenticate/", methods=CLASS_FORM, form={"code": "123456"}, shows=False),
    Row("accounts/2fa/recovery-codes/", methods=CLASS_PAGE, shows=False),
    Row("accounts/2fa/recovery-codes/download/", methods=CLASS_PAGE, shows=False),
    Row("accounts/2fa/recovery-codes/generate/", methods=CLASS_FORM, shows=False),
    Row("accounts/2fa/totp/activate/", methods=ANY, form={"code": "123456"}, shows=False),
    Row("accounts/2fa/totp/deactivate/", methods=CLASS_FORM, shows=False),
    Row("accounts/2fa/webauthn/", methods=CLASS_PAGE),
    Row(
        "accounts/2fa/webauthn/add/",
        methods=CLASS_FORM,
        form=lambda _diary: {"name": "Phone", "credential": json.dumps(passkey.registration())},
        shows=False,
    ),
    Row(
        "accounts/2fa/webauthn/keys/<int:pk>/edit/",
        at="accounts/2fa/webauthn/keys/{key}/edit/",
        methods=CLASS_FORM,
        form={"name": "Phone"},
    ),
    Row(
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        at="accounts/2fa/webauthn/keys/{key}/remove/",
        methods="GET HEAD POST DELETE OPTIONS",
        shows=False,
    ),
    Row("accounts/2fa/webauthn/login/", who=EVERYBODY, methods=CLASS_FORM, form=passkey_of),
    Row("accounts/2fa/webauthn/reauthenticate/", methods=CLASS_FORM, form=passkey_of, shows=False, logs_out=True),
    Row("accounts/sessions/", methods=CLASS_FORM),
    # the admin, without the models
    Row("admin/", who=STAFF, methods=None),
    Row("admin/login/", who=STAFF, methods=None),
    Row("admin/logout/", who=STAFF, methods=None),
    Row("admin/password_change/", who=STAFF, methods=None),
    Row("admin/password_change/done/", who=STAFF, methods=None),
    Row("admin/<app_label>/", at="admin/meals/", who=OPERATORS, methods=None),
    Row("admin/autocomplete/", who=OPERATORS, methods=None),
    Row("admin/jsi18n/", who=EVERYBODY, methods=None),
    Row("admin/r/<path:content_type_id>/<path:object_id>/", at="admin/r/1/2/", who=STAFF, methods=None),
    Row("admin/(?P<url>.*)$", at="admin/no/such/page", who=STAFF, methods=None),
]

# Whose rows an operator may look at: the model and the field of a Diary that is one's id, or None where no diary has
# any. Every address of the model's pages in the admin gets a row by this.
ADMIN_MODELS = {
    "accounts.Invitation": "invitation",
    "accounts.User": "user",
    "admin.LogEntry": None,
    "audit.SecurityEvent": "event",
    "auth.Group": None,
    "axes.AccessAttempt": "attempt",
    "django_q.Failure": None,
    "edibles.Edible": "edible",
    "mail.QueuedMail": "mail",
    "mail.Suppression": "suppression",
    "meals.Meal": "meal",
    "mfa.Authenticator": "key",
    "tasks.SetAside": None,
    "wellbeing.Category": "category",
    "wellbeing.Entry": "entry",
}


def table() -> list[Row]:
    """All rows, those of the admin's models included."""
    return [*ROWS, *_admin_rows()]


def _admin_rows() -> Iterator[Row]:
    for label, of_diary in ADMIN_MODELS.items():
        prefix = f"admin/{label.lower().replace('.', '/')}/"
        some_id = f"{{{of_diary}}}" if of_diary else "1"
        for route in routes():
            if route.startswith(prefix):
                at = re.sub(r"<[^>]+>", some_id, route)
                yield Row(route, at=at, who=OPERATORS, methods=None)
