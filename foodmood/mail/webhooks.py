import logging
from collections.abc import Callable
from functools import cache

from anymail.exceptions import AnymailError
from anymail.utils import get_request_basic_auth
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

logger = logging.getLogger(__name__)


@csrf_exempt
@login_not_required
def report(request: HttpRequest) -> HttpResponse:
    """The provider reports what became of mails: anymail's view, behind the secret, and safe from rubbish.

    The secret comes first, because not every view of anymail's asks for it before it reads. 401 invites Amazon to
    send it.
    """
    if not constant_time_compare(get_request_basic_auth(request) or "", settings.ANYMAIL["WEBHOOK_SECRET"]):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="FoodMood"'})
    try:
        return _view(settings.MAIL_WEBHOOK)(request)
    except (AnymailError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        logger.error(  # noqa: TRY400 -- how we came here says nothing
            "A report of the mail provider can't be read (%s), so bounces go unnoticed: check that EMAIL_PROVIDER is"
            " the one that sends reports to this address.",
            type(error).__name__,
        )
        return HttpResponseBadRequest()


@cache
def _view(path: str) -> Callable[[HttpRequest], HttpResponse]:
    """Only this provider's view is imported: that of SES brings boto3."""
    view: Callable[[HttpRequest], HttpResponse] = import_string(path).as_view()
    return view
