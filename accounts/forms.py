"""Forms of an account's own settings, and allauth's with our words."""

from typing import Any

from allauth.account.forms import AddEmailForm as AllauthAddEmailForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth ships no types.
    """E-mail address, handle, and a password twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _drop_placeholders(self)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].help_text = _("Nobody else sees it. We send a code to it.")
        self.fields["username"].label = _("Handle")
        self.fields["username"].help_text = _(
            "Your name in addresses and mentions: 2 to 30 letters (A to Z), digits or underscores."
        )


class LoginForm(AllauthLoginForm):  # type: ignore[misc]  # allauth ships no types.
    """E-mail address or handle, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _drop_placeholders(self)
        self.fields["login"].label = _("E-mail address or handle")
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class AddEmailForm(AllauthAddEmailForm):  # type: ignore[misc]  # allauth ships no types.
    """The address that takes the place of the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _drop_placeholders(self)
        self.fields["email"].label = _("New address")
        self.fields["email"].help_text = _("We send a code to it; until you enter the code nothing changes.")


def _drop_placeholders(form: forms.BaseForm) -> None:
    """Every field has a label; the same words again inside it are noise."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Parler speaks to me in"), choices=User.Language.choices, widget=forms.RadioSelect
    )


class DeletionForm(forms.Form):
    """The handle, typed by hand: nobody deletes an account by a slip."""

    handle = forms.CharField(
        label=_("Type your handle to confirm"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"].strip().removeprefix("@")
        if handle.lower() != self.user.handle.lower():
            raise forms.ValidationError(_("That is not your handle."), code="mismatch")
        return handle
