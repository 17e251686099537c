from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from apps.accounts.models import User


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in, which LoginRequiredMiddleware makes sure of."""

    user: User
    htmx: HtmxDetails
