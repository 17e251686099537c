from uuid import uuid4

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from foodmood.submissions.once import FIELD

register = template.Library()


@register.simple_tag
def submission() -> SafeString:
    """Beside `{% csrf_token %}` in a form whose view is marked with `once`. No browser is to fill in a former one."""
    return format_html('<input type="hidden" name="{}" value="{}" autocomplete="off">', FIELD, uuid4())
