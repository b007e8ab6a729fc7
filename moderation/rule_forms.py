"""House rules as forms: what somebody writes, tries, and takes back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation import scanner_loading
from moderation.forms import MAX_REASON_CHARACTERS
from moderation.models import RuleVersion
from moderation.rulebook.editing import Wording
from moderation.rulebook.reverting import Period
from moderation.rulebook.stepping import SHARES
from moderation.scanning.rulesets import LONGEST_WRITTEN
from moderation.taxonomy import Violation

MOST_CHARACTERS = 20_000
LONGEST_TRIED = 10_000
DAYS = [(1, _("1 day")), (7, _("7 days")), (30, _("30 days"))]
FIELDS = ("violation", "severity", "language", "pattern", "exceptions", "positive", "negative", "note")


def _frames() -> list[tuple[str, str]]:
    return [(name, name) for name in scanner_loading.get_shipped().ruleset.frames]


class WordingForm(forms.Form):
    """A new version of a rule."""

    violation = forms.ChoiceField(label=_("Class"), choices=Violation.choices)
    severity = forms.ChoiceField(label=_("Severity"), choices=RuleVersion.Severity.choices)
    language = forms.ChoiceField(label=_("Language"), choices=RuleVersion.Language.choices)
    pattern = forms.CharField(
        label=_("Pattern"),
        help_text=_(
            "RE2, in lower case and without accents, at most 500 characters. {name} inserts a macro, {name:target} reports its match in that role; "
            "a space stands for what separates two words."
        ),
        max_length=LONGEST_WRITTEN,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    exceptions = forms.MultipleChoiceField(
        label=_("Excused when the match is"),
        choices=_frames,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    positive = forms.CharField(
        label=_("Must hit, one example a line"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    negative = forms.CharField(
        label=_("Must not hit, one example a line"),
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    note = forms.CharField(
        label=_("Why this rule, or this change"),
        max_length=MAX_REASON_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def wording(self) -> Wording:
        """What a valid form says; empty lines between examples say nothing."""
        cleaned = {name: self.cleaned_data[name] for name in FIELDS}
        for field in ("positive", "negative"):
            lines = (line.strip() for line in cleaned[field].splitlines())
            cleaned[field] = "\n".join(line for line in lines if line)
        return Wording(**{**cleaned, "exceptions": tuple(cleaned["exceptions"])})

    @classmethod
    def of(cls, version: RuleVersion) -> "WordingForm":
        """A form that begins with what a version says."""
        return cls(initial={**{name: getattr(version, name) for name in FIELDS}, "note": ""})


class NewRuleForm(WordingForm):
    """A new rule with its first version."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Small letters, digits and underscores; it never changes."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("name", *FIELDS)


class StepForm(forms.Form):
    """What some steps want to know; what was not said is as the page proposes it."""

    share = forms.TypedChoiceField(
        label=_("Share of posts"),
        choices=[(share, f"{share} %") for share in SHARES],
        coerce=int,
        empty_value=None,
        initial=SHARES[1],
        required=False,
    )
    days = forms.TypedChoiceField(
        label=_("Posts of the last"),
        choices=DAYS,
        coerce=int,
        empty_value=None,
        initial=DAYS[1][0],
        required=False,
    )
    why = forms.CharField(label=_("Why"), max_length=MAX_REASON_CHARACTERS, required=False)

    def clean_share(self) -> int:
        return self.cleaned_data["share"] or SHARES[1]

    def clean_days(self) -> int:
        return self.cleaned_data["days"] or DAYS[1][0]


class TryForm(forms.Form):
    """A text to try a rule on."""

    text = forms.CharField(
        label=_("Text"), max_length=LONGEST_TRIED, widget=forms.Textarea(attrs={"rows": 3})
    )


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class PeriodForm(forms.Form):
    """Which rule, and when."""

    rule = forms.CharField(label=_("Rule"), max_length=100)
    since = forms.DateTimeField(label=_("From (UTC)"), widget=MomentInput)
    until = forms.DateTimeField(label=_("Up to (UTC)"), widget=MomentInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since >= until:
            self.add_error("until", _("The end comes after the beginning."))
        return cleaned

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["since"], self.cleaned_data["until"])


class RevertForm(PeriodForm):
    """A person confirms a revert. Which cases it is about stands beside the form: what is gone meanwhile is no mistake of theirs."""

    reason = forms.CharField(
        label=_("Reason, in the words that the authors read"),
        max_length=MAX_REASON_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
