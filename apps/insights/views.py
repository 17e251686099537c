from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from apps.accounts.requests import PersonRequest
from apps.insights.apart import NotComputedError
from apps.insights.cards import MOST_ROWS, card, cards
from apps.insights.kept import insights_of

P = ParamSpec("P")
View = Callable[Concatenate[PersonRequest, P], HttpResponse]


def _or_later(view: View[P]) -> View[P]:
    """Says so when there are no results, and that they may be there in a minute."""

    @wraps(view)
    def answer(request: PersonRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotComputedError:
            later = render(request, "insights/not_computed.html", status=503)
            later.headers["Retry-After"] = "60"
            return later

    return answer


@require_safe
@_or_later
def index(request: PersonRequest) -> HttpResponse:
    insights = insights_of(request.user)
    shown = cards(request.user.categories.all(), insights.results)
    context = {
        "cards": shown,
        "has_meals": insights.has_meals,
        "has_entries": insights.has_entries,
        "worth_a_trial": any(each.worth for each in shown),
    }
    return render(request, "insights/index.html", context)


@require_safe
@_or_later
def detail(request: PersonRequest, pk: int) -> HttpResponse:
    category = get_object_or_404(request.user.categories, pk=pk)
    # All categories, not this one alone: an answer counts how many questions were asked.
    results = insights_of(request.user).results
    result = next((result for result in results if result.category == category.name), None)
    if result is None:  # renamed in this very moment
        return redirect("insights:detail", pk)
    context = {"card": card(category, result, most=MOST_ROWS, all_drawn=True)}
    return render(request, "insights/detail.html", context)


@require_safe
def how(request: PersonRequest) -> HttpResponse:
    return render(request, "insights/how.html")
