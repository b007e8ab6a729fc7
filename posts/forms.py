"""What people type. Forms say early and beside the field what the verbs would refuse."""

import secrets
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from posts import presenting, publishing, text
from posts.models import Post, Revision, Visibility
from posts.publishing import Draft

LANGUAGES = [*User.Language.choices, ("", _("another language"))]


class CountedTextarea(forms.Textarea):
    """A text field with a counter of the characters that are left; Ctrl+Enter sends its form."""

    def __init__(self, *, counter: str, limit: int, rows: int, placeholder: str = "") -> None:
        super().__init__(
            {
                "rows": rows,
                "data-counter": counter,
                "data-limit": limit,
                "data-sends-form": "",
                "placeholder": placeholder,
            }
        )


class TextForm(forms.Form):
    """A text and its content warning."""

    text = forms.CharField(label=_("Text"), required=False)
    warning = forms.CharField(
        label=_("Content warning"),
        required=False,
        help_text=_("Shown instead of the text until somebody opens it. Leave empty for none."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        counter = (self["text"].id_for_label or "text") + "_left"
        self.fields["text"].widget = CountedTextarea(
            counter=counter, limit=text.MAX_CHARACTERS, rows=3, placeholder=str(_("What do you want to say?"))
        )

    def clean_text(self) -> str:
        return text.clean(self.cleaned_data["text"])

    def clean_warning(self) -> str:
        return text.clean(self.cleaned_data["warning"], limit=text.MAX_WARNING_CHARACTERS)


class ComposeForm(TextForm):
    """A new post, comment or quote."""

    visibility = forms.ChoiceField(label=_("Who may read it"), choices=Visibility.choices)
    language = forms.ChoiceField(label=_("Language of the text"), choices=LANGUAGES, required=False)
    comment_on = forms.IntegerField(required=False, widget=forms.HiddenInput)
    quote = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # Sent twice, it makes one post.
    key = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, author: User, initial: dict[str, Any] | None = None) -> None:
        defaults = {
            "visibility": Visibility.PUBLIC,
            "language": author.language,
            "key": secrets.token_urlsafe(16),
        }
        super().__init__(data, initial={**defaults, **(initial or {})})
        self.author = author

    def clean_comment_on(self) -> Post | None:
        return self._find(self.cleaned_data["comment_on"])

    def clean_quote(self) -> Post | None:
        return self._find(self.cleaned_data["quote"])

    def _find(self, pk: int | None) -> Post | None:
        if pk is None:
            return None
        post = Post.objects.visible_to(self.author).with_everything_shown().filter(pk=pk).first()
        if post is None:
            raise ValidationError(_("The post that you answer is not to be seen any more."), code="gone")
        return post

    def submit(self) -> Post | None:
        """The post, or None when it was refused after all; the form then says why. Raises MayNotPublish."""
        given = self.cleaned_data
        draft = Draft(
            text=given["text"],
            warning=given["warning"],
            language=given["language"],
            visibility=Visibility(given["visibility"]),
            parent=given["comment_on"],
            echoed=given["quote"],
        )
        try:
            return publishing.submit(self.author, draft, idempotency_key=given["key"])
        except ValidationError as refusal:
            self.add_error("text", refusal)
            return None


class EditForm(TextForm):
    """A new version of a post."""

    def submit(self, post: Post, *, by: User) -> Revision | None:
        """The version, or None when it was refused; the form then says why. Raises NotEditable."""
        given = self.cleaned_data
        try:
            return publishing.edit(post, body=given["text"], warning=given["warning"], by=by)
        except ValidationError as refusal:
            self.add_error("text", refusal)
            return None


class ProfileForm(forms.Form):
    """How an account presents itself."""

    name = forms.CharField(label=_("Display name"), required=False)
    biography = forms.CharField(
        label=_("About you"),
        required=False,
        widget=CountedTextarea(
            counter="id_biography_left", limit=presenting.MAX_BIOGRAPHY_CHARACTERS, rows=5
        ),
    )

    def clean_name(self) -> str:
        return presenting.clean_name(self.cleaned_data["name"])

    def clean_biography(self) -> str:
        return text.clean(self.cleaned_data["biography"], limit=presenting.MAX_BIOGRAPHY_CHARACTERS)

    def submit(self, user: User) -> Revision:
        return presenting.present(
            user, name=self.cleaned_data["name"], biography=self.cleaned_data["biography"]
        )
