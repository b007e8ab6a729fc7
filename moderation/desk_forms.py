"""What moderators say at the desk besides decisions on one case: notes, their own settings, and what they decide together."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from moderation.bulk import Joint
from moderation.choosing import Choice
from moderation.decision_forms import shorten
from moderation.forms import MAX_REASON_CHARACTERS
from moderation.measures import CLOSING, Measure
from moderation.models import CannedReason, DeskSettings
from moderation.noting import MAX_NOTE_CHARACTERS
from moderation.taxonomy import Violation
from moderation.widgets import PlainCheckbox, PlainSelect, PlainTextarea


class NoteForm(forms.Form):
    """A note for other moderators."""

    text = forms.CharField(
        label=_("A note for other moderators"),
        help_text=_("The author never reads it. It stays as it is."),
        max_length=MAX_NOTE_CHARACTERS,
        widget=PlainTextarea(attrs={"rows": 2}),
    )
    is_about_author = forms.BooleanField(
        label=_("On the author, beside all their cases"), required=False, widget=PlainCheckbox
    )
    is_pinned = forms.BooleanField(label=_("Pin it to the top"), required=False, widget=PlainCheckbox)


class DeskSettingsForm(forms.ModelForm):  # type: ignore[type-arg]  # Generic in the stubs only.
    """One's own desk."""

    class Meta:
        model = DeskSettings
        fields = ("has_keys", "hides_severe")


class TogetherForm(forms.Form):
    """What is decided about several cases; the fields are named as on the form about one of them."""

    measure = forms.ChoiceField(label=_("Decision"), widget=PlainSelect)
    violation = forms.ChoiceField(
        label=_("Rule that the texts break"),
        choices=[("", _("none")), *((each.value, f"{each.value} {each.label}") for each in Violation)],
        required=False,
        widget=PlainSelect,
    )
    strike = forms.BooleanField(label=_("Counts as a strike"), required=False)
    canned = forms.ChoiceField(label=_("Canned reason"), required=False, widget=PlainSelect)
    reason = forms.CharField(
        label=_("Reasons, in the words that the authors read"),
        max_length=MAX_REASON_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, moderator: User, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="together_%s")
        role = moderator.get_role()
        offered = [measure for measure in CLOSING if role.level >= measure.terms.min_role.level]
        self._choice("measure").choices = [
            ("", "–"),
            *((measure.value, measure.label) for measure in offered),
        ]
        # Asked for only where the field is shown or read.
        self._choice("canned").choices = self._canned_options

    def _canned_options(self) -> list[tuple[str, str]]:
        options = [(pk, shorten(canned)) for pk, canned in self.reasons_by_key.items()]
        return [("", translated("none")), *options]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  Declared above; tells the type checker.
        return field

    @cached_property
    def reasons_by_key(self) -> dict[str, CannedReason]:
        return {str(canned.pk): canned for canned in CannedReason.objects.current()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.data.get("on_account"):
            raise ValidationError(_("A measure on an account is decided for one case at a time."))
        if "measure" in cleaned and "violation" in cleaned:
            cleaned["joint"] = self._read_joint(cleaned)
        return cleaned

    def _read_joint(self, cleaned: dict[str, Any]) -> Joint:
        measure = Measure(cleaned["measure"])
        violation = cleaned["violation"]
        if measure.restricts and not violation:
            self.add_error("violation", _("Name the rule that the text breaks."))
        return Joint(
            # The box is ticked beforehand on the page of a case: where nothing is done about the text, it means nothing.
            choice=Choice(measure, is_strike=bool(cleaned.get("strike")) and measure.restricts),
            violation=violation if measure.restricts else "",
            reason=cleaned.get("reason", ""),
            canned=self.reasons_by_key.get(cleaned.get("canned", "")),
        )
