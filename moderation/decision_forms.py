"""What moderators decide, as forms that offer only what this moderator may do about this case."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from moderation import choosing, striking
from moderation.choosing import Choice
from moderation.forms import MAX_REASON_CHARACTERS, RuleChoice
from moderation.measures import DAY, Measure
from moderation.models import CannedReason, Case
from moderation.striking import Record, Rung
from moderation.taxonomy import Violation
from moderation.widgets import PlainCheckbox, PlainSelect, PlainTextarea

SHOWN_OF_CANNED = 90


class DecisionForm(forms.Form):
    """A moderator's decision about a case, on the version of it that the page showed."""

    measure = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    violation = forms.ChoiceField(
        label=_("Rule that the text breaks"),
        choices=[*Violation.choices, ("", _("none"))],
        widget=RuleChoice(has_codes=True),
        required=False,
    )
    strike = forms.BooleanField(
        label=_("Counts as a strike"),
        help_text=_("Only where something is done about the text."),
        required=False,
        initial=True,
        widget=PlainCheckbox,
    )
    on_account = forms.ChoiceField(label=_("Measure on the account"), required=False, widget=PlainSelect)
    canned = forms.ChoiceField(
        label=_("Canned reason"),
        help_text=_("Comes before your own words, in the author's language."),
        required=False,
        widget=PlainSelect,
    )
    reason = forms.CharField(
        label=_("Reasons, in the words that the author reads"),
        help_text=_("Goes into the statement of reasons, below the rule and its definition."),
        max_length=MAX_REASON_CHARACTERS,
        required=False,
        widget=PlainTextarea(attrs={"rows": 5}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        case: Case,
        moderator: User,
        initial: dict[str, Any] | None = None,
        has_canned: bool = True,
    ) -> None:
        """Without `has_canned`, somebody knows that there are no canned reasons, and they are not asked for."""
        about = {"violation": case.violation, "version": case.version}
        super().__init__(data, initial={**about, **(initial or {})})
        self.case, self.moderator = case, moderator
        self._choice("measure").choices = [
            (measure.value, measure.label) for measure in choosing.measures_for(moderator, case)
        ]
        self._choice("on_account").choices = [("", translated("none")), *self._account_options()]
        canned_reasons = CannedReason.objects.current() if has_canned else []
        self.reasons_by_key = {str(canned.pk): canned for canned in canned_reasons}
        self._choice("canned").choices = [
            ("", translated("none")),
            *((pk, shorten(canned)) for pk, canned in self.reasons_by_key.items()),
        ]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  Declared above; tells the type checker.
        return field

    def _account_options(self) -> list[tuple[str, str]]:
        return [
            (_value(measure, duration), _words(measure, duration))
            for measure, duration in choosing.account_choices_for(self.moderator)
        ]

    @cached_property
    def record(self) -> Record:
        """The strikes against the author that count now."""
        return striking.record_of(self.case.author)

    @property
    def points_with_this(self) -> int:
        """What the strikes would weigh with one under the rule that the case names."""
        return self.record.points + (striking.weigh(self.case.violation) if self.case.violation else 0)

    @property
    def proposal(self) -> str:
        """What the ladder calls for after this strike, in words; empty for nothing."""
        rung: Rung | None = striking.propose(self.points_with_this)
        return _words(rung.measure, rung.duration) if rung else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "measure" not in cleaned or "on_account" not in cleaned:
            return cleaned
        cleaned["choice"] = choice = self._read_choice(cleaned)
        try:
            choosing.refuse_nonsense(choice, self.case, cleaned.get("violation", ""))
        except ValidationError as refusal:
            self.add_error(refusal.code if refusal.code in self.fields else "measure", refusal.messages)
        canned = self.reasons_by_key.get(cleaned.get("canned", ""))
        words = [canned.get_text(self.case.author.language)] if canned else []
        cleaned["reasons"] = "\n\n".join([*words, *filter(None, [cleaned.get("reason", "")])])
        return cleaned

    def _read_choice(self, cleaned: dict[str, Any]) -> Choice:
        measure = Measure(cleaned["measure"])
        name, _separator, days = cleaned["on_account"].partition("-")
        on_account = Measure(name) if name else None
        return Choice(
            measure,
            # The box is ticked beforehand: where nothing is done about the text, it means nothing.
            is_strike=bool(cleaned.get("strike")) and measure.restricts and on_account != Measure.STRIKE,
            on_account=on_account,
            duration=int(days) * DAY if days else None,
        )


class RejectionForm(forms.Form):
    """Why a second person does not confirm a proposal."""

    answer = forms.CharField(
        label=_("Why you do not confirm it"),
        help_text=_("Whoever proposed it reads this."),
        max_length=MAX_REASON_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CannedReasonForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs only.
    """A canned reason in every language."""

    class Meta:
        model = CannedReason
        fields = ("violation", "measure", "text_en", "text_de", "is_current")


def shorten(canned: CannedReason) -> str:
    """The beginning of a canned reason, in the moderator's language."""
    rule = f"{canned.violation}: " if canned.violation else ""
    return rule + Truncator(canned.get_text(get_language() or "")).chars(SHOWN_OF_CANNED)


def _value(measure: Measure, duration: timedelta | None) -> str:
    return f"{measure.value}-{duration.days}" if duration else measure.value


def _words(measure: Measure, duration: timedelta | None) -> str:
    if duration is None:
        return str(measure.label)
    days = ngettext("for %(days)s day", "for %(days)s days", duration.days) % {"days": duration.days}
    return f"{measure.label} {days}"
