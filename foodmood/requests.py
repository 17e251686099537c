from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to. Even an empty form that was sent is judged."""
    return request.POST if request.method == "POST" else None
