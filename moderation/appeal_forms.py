"""What people write in appeals, and how moderators end them, as forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.appealing import MAX_CHARACTERS
from moderation.forms import RuleChoice
from moderation.models import Appeal, AppealStatus
from moderation.taxonomy import Violation

GRANT_OR_REJECT = [(AppealStatus.GRANTED.value, _("grant")), (AppealStatus.REJECTED.value, _("reject"))]


class AppealForm(forms.Form):
    """Why somebody thinks that a decision is wrong."""

    text = forms.CharField(
        label=_("Why do you think that the decision is wrong?"),
        help_text=_("Moderators read this, and nobody else. What does the decision overlook?"),
        max_length=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class AnswerForm(forms.Form):
    """A message about an appeal."""

    text = forms.CharField(
        label=_("Message"), max_length=MAX_CHARACTERS, widget=forms.Textarea(attrs={"rows": 3})
    )


class OutcomeForm(forms.Form):
    """A moderator ends an appeal, on the version of it that the page showed."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=GRANT_OR_REJECT, widget=forms.RadioSelect)
    violation = forms.ChoiceField(
        label=_("Rule that the text breaks"),
        choices=[*Violation.choices, ("", _("none"))],
        widget=RuleChoice(has_codes=True),
        required=False,
    )
    reasons = forms.CharField(
        label=_("Reasons, in the words that the appellant reads"),
        max_length=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, appeal: Appeal, data: Any = None) -> None:
        """Only who grants a reporter's appeal names a rule: that text is removed then."""
        super().__init__(data, initial={"version": appeal.version})
        if appeal.is_by_author:
            del self.fields["violation"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        grants = cleaned.get("outcome") == AppealStatus.GRANTED
        if grants and "violation" in self.fields and not cleaned.get("violation"):
            self.add_error("violation", _("Name the rule that the text breaks."))
        return cleaned
