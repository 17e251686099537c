from datetime import date

from django import template

from foodmood.clock import hours, written

register = template.Library()


@register.filter(expects_localtime=True)
def clock(moment: date | None, pattern: str = "TIME_FORMAT") -> str:
    """`{{ meal.eaten_at|clock }}`, or `|clock:"DATETIME_FORMAT"`: the time as this person writes it."""
    return written(moment, pattern) if moment else ""


@register.simple_tag
def clock_hours() -> str:
    """12 or 24, for the keys of cached fragments that show a time or an input for one."""
    return hours()
