from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = _("Moderation")

    def ready(self) -> None:
        from accounts.signals import erasing  # noqa: PLC0415  Models exist only now.
        from moderation.doorbell import ring_for_pending  # noqa: PLC0415
        from moderation.erasing import erase_evidence  # noqa: PLC0415
        from posts.signals import moved  # noqa: PLC0415

        moved.connect(ring_for_pending, dispatch_uid="moderation.doorbell")
        erasing.connect(erase_evidence, dispatch_uid="moderation.erasing")
