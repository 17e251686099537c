from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from foodmood.audit.models import SecurityEvent
from foodmood.paging import nearest_page


@require_safe
def security_events(request: HttpRequest) -> HttpResponse:
    """What happened to one's own account: the first place where somebody can see that they are not alone in it."""
    events = SecurityEvent.objects.filter(person=request.user.pk)
    return render(request, "audit/events.html", {"page": nearest_page(events, request.GET.get("page"))})
