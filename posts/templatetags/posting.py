"""What the pages with posts need beyond Django's own tags."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def ago(at: datetime) -> str:
    """How long ago something was, in few characters; after a week, the day."""
    passed = timezone.now() - at
    if passed < timedelta(minutes=1):
        return _("now")
    if passed < timedelta(hours=1):
        return _("%(count)d min") % {"count": passed // timedelta(minutes=1)}
    if passed < timedelta(days=1):
        return _("%(count)d h") % {"count": passed // timedelta(hours=1)}
    if passed < timedelta(days=7):
        return _("%(count)d d") % {"count": passed.days}
    return date_format(timezone.localtime(at), "DATE_FORMAT")


@register.filter
def or_more(count: int, most: int = 1000) -> str:
    """A bounded count: "12", or "1000+" when only so many were counted."""
    return f"{most}+" if count > most else str(count)
