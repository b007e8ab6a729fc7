"""What people say to those who judge, and what those decide, as forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.reporting import MAX_COMMENT_CHARACTERS
from moderation.taxonomy import Violation

MAX_REASON_CHARACTERS = 4000


class RuleChoice(forms.RadioSelect):
    """Each option knows the definition of its rule; `moderation/_rules_field.html` shows it beside the label."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["definition"] = Violation(value).definition if value in Violation.values else ""
        return option


class ReportForm(forms.Form):
    """What is wrong with a text, in the words of the rules or in one's own."""

    violation = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=[*Violation.choices, ("", _("Something else"))],
        widget=RuleChoice,
        required=False,
    )
    comment = forms.CharField(
        label=_("What else should a moderator know?"),
        help_text=_("You need not write anything here. The author never reads it."),
        max_length=MAX_COMMENT_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("violation") and not cleaned.get("comment"):
            self.add_error("comment", _("Choose a reason, or say in your own words what is wrong."))
        return cleaned


class RestoreForm(forms.Form):
    """A decision is taken back."""

    reason = forms.CharField(
        label=_("Why the decision is taken back, in the words that the author reads"),
        max_length=MAX_REASON_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
