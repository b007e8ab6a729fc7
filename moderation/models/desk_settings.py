"""How a moderator wants the desk to be."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class DeskSettings(models.Model):
    """A moderator's own settings. Who has none of their own has the defaults.

    Posts have no media, so there are no pictures to grey and no sound to mute; what can hurt at this desk is text.
    """

    moderator = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="desk_settings")
    has_keys = models.BooleanField(
        _("Keys"),
        default=True,
        help_text=_("Single keys choose, submit and move on. Off, none of them does anything."),
    )
    hides_severe = models.BooleanField(
        _("Hide severe texts until I ask"),
        default=False,
        help_text=_("Texts of high severity stay folded on every page of the desk until you open them."),
    )

    def __str__(self) -> str:
        return f"desk of {self.moderator_id}"
