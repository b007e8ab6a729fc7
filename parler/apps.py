"""Django's app configurations of the composition: its own, and the admin with our site in it."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps

from parler import celery

# Whoever sends a task after Django's start uses this app, and not a default one without a broker.
celery_app = celery.app


class ParlerConfig(AppConfig):
    name = "parler"
    default = True


class DeskConfig(admin_apps.AdminConfig):
    """Django's admin, with the moderators' desk as its site."""

    default = False
    default_site = "parler.admin_site.ParlerAdminSite"
