from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in  # noqa: PLC0415  Models exist only now.
        from allauth.mfa.signals import (  # noqa: PLC0415  As above.
            authenticator_added,
            authenticator_removed,
            authenticator_used,
        )

        from accounts.signals import erasing, keeping, looked_at, registered  # noqa: PLC0415  As above.
        from moderation import attending  # noqa: PLC0415  As above.
        from moderation.appointing import note_superuser  # noqa: PLC0415  As above.
        from moderation.doorbell import ring_for_pending  # noqa: PLC0415  As above.
        from moderation.erasing import erase_evidence  # noqa: PLC0415  As above.
        from moderation.evidence import holding  # noqa: PLC0415  As above.
        from posts.signals import moved  # noqa: PLC0415  As above.

        moved.connect(ring_for_pending, dispatch_uid="moderation.doorbell")
        registered.connect(note_superuser, dispatch_uid="moderation.appointing")
        erasing.connect(erase_evidence, dispatch_uid="moderation.erasing")
        keeping.connect(holding.find_kept, dispatch_uid="moderation.keeping")
        looked_at.connect(holding.note_look, dispatch_uid="moderation.looked_at")
        user_logged_in.connect(attending.note_log_in, dispatch_uid="moderation.log_in")
        authenticator_added.connect(attending.note_factor_added, dispatch_uid="moderation.factor_added")
        authenticator_removed.connect(attending.note_factor_removed, dispatch_uid="moderation.factor_removed")
        authenticator_used.connect(attending.note_factor_used, dispatch_uid="moderation.factor_used")
