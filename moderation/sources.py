"""Where a case came from, in the terms of the Digital Services Act: what a statement of reasons has to say of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Source(TextChoices):
    """Who brought a case first; see Article 17(3)(b)."""

    OWN_INITIATIVE = "own", _("our own initiative")
    USER_REPORT = "user", _("a report by a user")
    NOTICE = "notice", _("a notice under Article 16")
    TRUSTED_FLAGGER = "trusted", _("a trusted flagger")
