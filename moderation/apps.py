from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from accounts.signals import erasing, registered  # noqa: PLC0415  Models exist only now.
        from moderation.appointing import note_superuser  # noqa: PLC0415  As above.
        from moderation.doorbell import ring_for_pending  # noqa: PLC0415  As above.
        from moderation.erasing import erase_evidence  # noqa: PLC0415  As above.
        from posts.signals import moved  # noqa: PLC0415  As above.

        moved.connect(ring_for_pending, dispatch_uid="moderation.doorbell")
        registered.connect(note_superuser, dispatch_uid="moderation.appointing")
        erasing.connect(erase_evidence, dispatch_uid="moderation.erasing")
