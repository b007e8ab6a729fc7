"""Forms by which those at the desk warn, mute and trust reporters."""

from datetime import date, datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from moderation.reporters import muting


class WarnForm(forms.Form):
    reason = forms.CharField(
        label=_("Why, in the words that the reporter reads"),
        max_length=muting.MAX_REASON_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MuteForm(WarnForm):
    days = forms.TypedChoiceField(
        label=_("For how many days"), coerce=int, choices=[(days, str(days)) for days in muting.DAYS]
    )


class TrustForm(forms.Form):
    """Who speaks for which organisation, about what, and until when."""

    account = forms.CharField(label=_("Handle of the account"), max_length=31)
    organisation = forms.CharField(label=_("Organisation"), max_length=200)
    area = forms.CharField(label=_("What it knows about"), max_length=200, required=False)
    until = forms.DateField(
        label=_("Last day; empty for no end"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    @property
    def until_moment(self) -> datetime | None:
        """The end of the last day."""
        return end_of(self.cleaned_data["until"]) if self.cleaned_data["until"] else None


def end_of(day: date) -> datetime:
    """The last moment of a day, in the time zone in which Parler shows times."""
    return timezone.make_aware(datetime.combine(day, time.max))
