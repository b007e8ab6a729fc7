"""What seniors say about referrals, authorities and legal holds, as forms."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.ids import read_id
from accounts.models import User
from moderation.evidence.authorities import Entry
from moderation.evidence.holding import Terms
from moderation.evidence.packing import Errand
from moderation.evidence.referring import Event
from moderation.models import Authority, Ground, ReferralStatus, Urgency
from moderation.models.legal_holds import ONE_PERSON_TIME, USUAL_TIME
from moderation.widgets import PlainTextarea
from posts.models import Post

MAX_CHARACTERS = 4000


def _words(label: Any, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=MAX_CHARACTERS, widget=PlainTextarea(attrs={"rows": rows}), **options
    )


class AskForm(forms.Form):
    """A moderator asks a senior to refer a case."""

    why = _words(_("Whose life or safety is threatened, and how?"))


class RefusalForm(forms.Form):
    """A senior does not refer a case."""

    reason = _words(_("Why this is not referred"))


class ErrandForm(forms.Form):
    """To whom a case is referred, and why."""

    authority = forms.ModelChoiceField(label=_("Authority"), queryset=Authority.objects.none())
    ground = forms.ChoiceField(label=_("Legal basis"), choices=Ground.choices)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices)
    why = _words(
        _("Why, in the words that the authority reads"),
        5,
        help_text=_("Whose life or safety is threatened, by what, when and where, as far as you know."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = Authority.objects.filter(retired_at=None).order_by("country", "name")
        self.fields["authority"].queryset = listed  # type: ignore[attr-defined]  # A ModelChoiceField.

    def get_errand(self) -> Errand:
        """What was chosen, once the form is valid."""
        sent = self.cleaned_data
        return Errand(sent["authority"], Ground(sent["ground"]), Urgency(sent["urgency"]), sent["why"])


class EventForm(forms.Form):
    """What a person did outside with a referral."""

    step = forms.ChoiceField(
        label=_("What happened"), choices=ReferralStatus.choices, widget=forms.RadioSelect
    )
    note = _words(
        _("How, and what was said"),
        help_text=_("By which way it was handed over and to whom, or what the answer was."),
    )
    at = forms.DateTimeField(
        label=_("When (UTC)"),
        help_text=_("Leave this empty for now."),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )

    def __init__(self, steps: frozenset[ReferralStatus], *args: Any, **kwargs: Any) -> None:
        """Only what may happen next can be chosen."""
        super().__init__(*args, **kwargs)
        choices = [(step.value, step.label) for step in ReferralStatus if step in steps]
        self.fields["step"].choices = choices  # type: ignore[attr-defined]  # A ChoiceField.

    def get_event(self) -> Event:
        """What happened, once the form is valid."""
        return Event(self.cleaned_data["note"], self.cleaned_data["at"])


class TellForm(forms.Form):
    """A senior releases a referral to the author."""

    reason = _words(_("Why the author may know of it now"))


class AuthorityForm(forms.Form):
    """What the list says of an authority."""

    name = forms.CharField(label=_("Name"), max_length=200)
    country = forms.CharField(
        label=_("Country"),
        help_text=_("Two letters, such as DE."),
        max_length=2,
        validators=[RegexValidator(r"^[A-Za-z]{2}$", _("Two letters, such as DE."))],
    )
    contact = _words(_("Where and how the packet is handed over"))

    def get_entry(self) -> Entry:
        """What was written, once the form is valid."""
        sent = self.cleaned_data
        return Entry(sent["name"], sent["country"].upper(), sent["contact"])


def _days(**options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("For how many days from now"), min_value=1, max_value=ONE_PERSON_TIME.days, **options
    )


class HoldForm(forms.Form):
    """What is held, and on which terms."""

    target = forms.CharField(
        label=_("What is held"),
        help_text=_("@handle for an account with all its data, or the number of one post."),
        max_length=40,
    )
    reference = forms.CharField(
        label=_("Reference"), help_text=_("The file number of the order or of the request."), max_length=200
    )
    reason = _words(_("Why it must be kept"))
    days = _days(initial=USUAL_TIME.days)
    may_be_told = forms.BooleanField(
        label=_("The person concerned may know that something is kept, and until when"), required=False
    )

    def clean_target(self) -> User | Post:
        """The account or the post that was named."""
        name = str(self.cleaned_data["target"]).strip()
        found: User | Post | None
        if name.startswith("@"):
            found = User.objects.named(name.removeprefix("@")).filter(erased_at=None).first()
        else:
            found = Post.objects.select_related("author").filter(pk=read_id(name) or 0).first()
        if found is None:
            raise forms.ValidationError(_("There is no such account or post."), code="unknown")
        return found

    def get_terms(self) -> Terms:
        """The terms, once the form is valid."""
        sent = self.cleaned_data
        return Terms(sent["reference"], sent["reason"], timedelta(days=sent["days"]), sent["may_be_told"])


class ExtensionForm(forms.Form):
    """A hold has to last longer."""

    days = _days()
    reason = _words(_("Why it must be kept for longer"))


class ReleaseForm(forms.Form):
    """A hold ends before its time."""

    reason = _words(_("Why it need not be kept any more"))
