"""Times at the desk, as elements of a page: how long ago something was, and when it is due. A page has dozens of them."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _


def ago(at: datetime, now: datetime) -> SafeString:
    """How long ago it was; the time itself appears under the pointer."""
    return _element(at, timesince(at, now))


def due(at: datetime, now: datetime) -> SafeString:
    """In how long something is due; what is overdue stands out."""
    if at <= now:
        words = _("overdue by %(time)s") % {"time": timesince(at, now)}
        return format_html('<span class="tag overdue">{}</span>', words)
    return _element(at, _("due in %(time)s") % {"time": timeuntil(at, now)})


def _element(at: datetime, words: str) -> SafeString:
    whole = date_format(timezone.localtime(at), "DATETIME_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), whole, words)
