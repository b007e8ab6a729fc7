"""Addresses of an account's own settings."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("settings", views.settings, name="settings"),
    path("settings/language", views.language, name="language"),
    path("settings/people", views.people, name="people"),
    path("settings/people/mutes/<int:pk>/undo", views.unmute, name="unmute"),
    path("settings/people/blocks/<int:pk>/undo", views.unblock, name="unblock"),
    path("settings/apps", views.apps, name="apps"),
    path("settings/apps/<int:pk>/revoke", views.revoke, name="revoke"),
    path("settings/delete", views.delete, name="delete"),
]
