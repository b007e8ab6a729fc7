"""What people say to those who judge, and what those decide, as forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation import measures
from moderation.measures import Measure
from moderation.models import Case
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


class DecisionForm(forms.Form):
    """A moderator's decision about a case, on the version of it that the page showed."""

    measure = forms.ChoiceField(
        label=_("Decision"),
        choices=[(measure.value, measure.label) for measure in measures.CLOSING],
        widget=forms.RadioSelect,
    )
    violation = forms.ChoiceField(
        label=_("Rule that the text breaks"),
        choices=[*Violation.choices, ("", _("none"))],
        widget=RuleChoice,
        required=False,
    )
    reason = forms.CharField(
        label=_("Reasons, in the words that the author reads"),
        help_text=_("Goes into the statement of reasons, below the rule and its definition."),
        max_length=MAX_REASON_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        measure = cleaned.get("measure")
        if measure and Measure(measure).restricts and not cleaned.get("violation"):
            self.add_error("violation", _("Name the rule that the text breaks."))
        return cleaned

    @classmethod
    def about(cls, case: Case) -> "DecisionForm":
        """An empty form for a case, with the rule that the scan or the reports named."""
        return cls(initial={"violation": case.violation, "version": case.version})


class RestoreForm(forms.Form):
    """A removal is taken back."""

    reason = forms.CharField(
        label=_("Why the removal is taken back, in the words that the author reads"),
        max_length=MAX_REASON_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
