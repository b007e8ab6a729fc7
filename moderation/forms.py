"""What people say to those who judge, and what those decide, as forms."""

from functools import lru_cache
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from moderation.reporting import MAX_COMMENT_CHARACTERS
from moderation.taxonomy import Violation

MAX_REASON_CHARACTERS = 4000


_RULE = (
    '<label class="rule check" for="{id}"><input type="radio" name="{name}" value="{value}" id="{id}"{state}> '
    "<span>{code}<strong>{label}</strong>{definition}</span></label>"
)


class RuleChoice(forms.RadioSelect):
    """Radio buttons of the rules with their definitions, and with their codes for those who judge. Written out, as in `widgets`."""

    def __init__(self, *, has_codes: bool = False) -> None:
        super().__init__()
        self.has_codes = has_codes

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = attrs or {}
        choices = tuple((key, str(label)) for key, label in self.choices)
        chosen = frozenset(self.format_value(value))
        return _write_rules(
            name, given["id"], choices, chosen, has_codes=self.has_codes, invalid=given.get("aria-invalid")
        )


@lru_cache(maxsize=256)
def _write_rules(
    name: str,
    group: str,
    choices: tuple[tuple[str, str], ...],
    chosen: frozenset[str],
    *,
    has_codes: bool,
    invalid: str | None,
) -> SafeString:
    """The same rules are written again and again; their words are in `choices`, so that every language is kept apart."""
    rules = (
        {
            "id": f"{group}_{number}",
            "name": name,
            "value": key,
            "state": flatatt({"checked": key in chosen, "aria-invalid": invalid}),
            "code": format_html('<span class="code">{}</span> ', key) if has_codes and key else "",
            "label": capfirst(label),
            "definition": _define(key),
        }
        for number, (key, label) in enumerate(choices)
    )
    written = ((format_html(_RULE, **rule),) for rule in rules)
    return format_html('<div class="rules stack">{}</div>', format_html_join("\n", "{}", written))


def _define(key: str) -> str:
    if key not in Violation.values:
        return ""
    return format_html('<br><span class="hint">{}</span>', Violation(key).definition)


class ReportForm(forms.Form):
    """What is wrong with a text, in the words of the rules or in one's own."""

    violation = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=[*Violation.choices, ("", _("Something else"))],
        widget=RuleChoice(),
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
