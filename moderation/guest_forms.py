"""The form of those who give notice without an account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.forms import RuleChoice
from moderation.guests import locating
from moderation.guests.noticing import MAX_REASON_CHARACTERS, Words
from moderation.models.guests import GROUNDS, MAY_BE_ANONYMOUS


class NoticeForm(forms.Form):
    """What Article 16(2) of the Digital Services Act wants to know: where, why, who, and that it is meant honestly."""

    address = forms.CharField(
        label=_("Address of the post or profile"),
        help_text=_("Copy it from the address line of your browser."),
        max_length=500,
        widget=forms.URLInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    ground = forms.ChoiceField(label=_("What is wrong with it?"), choices=GROUNDS, widget=RuleChoice())
    reasons = forms.CharField(
        label=_("Why is it illegal, or against the rules?"),
        help_text=_("Say what it is about and whom it concerns. The author does not read it."),
        max_length=MAX_REASON_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("You may leave out name and e-mail address when it is about sexual abuse of minors."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("You get a receipt there, and the outcome. The author never learns name or address."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    good_faith = forms.BooleanField(
        label=_("I believe in good faith that what I say here is accurate and complete.")
    )

    def clean_address(self) -> str:
        return locating.check(self.cleaned_data["address"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("ground") not in MAY_BE_ANONYMOUS:
            for field in ("name", "email"):
                if not cleaned.get(field) and field not in self.errors:
                    self.add_error(field, _("We need this, unless it is about sexual abuse of minors."))
        return cleaned

    @property
    def words(self) -> Words:
        """What was filled in, once the form is valid."""
        said = self.cleaned_data
        return Words(said["address"], said["ground"], said["reasons"], said["name"], said["email"])
