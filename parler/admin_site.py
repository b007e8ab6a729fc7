"""The moderators' desk: Django's admin behind allauth's log-in."""

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class ParlerAdminSite(AdminSite):
    site_header = _("Parler: the desk")
    site_title = _("Parler")
    index_title = _("The desk")

    login = secure_admin_login(AdminSite.login)
