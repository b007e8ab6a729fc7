from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PostsConfig(AppConfig):
    name = "posts"
    verbose_name = _("Posts")

    def ready(self) -> None:
        from accounts.signals import erasing, registered  # noqa: PLC0415  Models exist only now.
        from posts.erasing import erase_publications  # noqa: PLC0415  As above.
        from posts.presenting import create_profile  # noqa: PLC0415  As above.

        registered.connect(create_profile, dispatch_uid="posts.presenting")
        erasing.connect(erase_publications, dispatch_uid="posts.erasing")
