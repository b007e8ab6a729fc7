"""Addresses of the client API, written without the slash at the end that `slashes` drops."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from parler.api.errors import unknown_address
from parler.api.views import accounts, apps, instance, reactions, reports, statuses, timelines

app_name = "api"
urlpatterns = [
    path("v1/instance", instance.Instance.as_view()),
    path("v2/instance", instance.InstanceV2.as_view()),
    path("v1/apps", apps.Apps.as_view()),
    path("v1/apps/verify_credentials", apps.OwnApp.as_view()),
    path("v1/preferences", accounts.Preferences.as_view()),
    path("v1/accounts/verify_credentials", accounts.Own.as_view()),
    path("v1/accounts/lookup", accounts.Lookup.as_view()),
    path("v1/accounts/relationships", accounts.Relationships.as_view()),
    path("v1/accounts/<int:pk>", accounts.OneAccount.as_view()),
    path("v1/accounts/<int:pk>/statuses", accounts.PostsOf.as_view()),
    path("v1/accounts/<int:pk>/follow", accounts.Follow.as_view()),
    path("v1/accounts/<int:pk>/unfollow", accounts.Unfollow.as_view()),
    path("v1/accounts/<int:pk>/mute", accounts.Mute.as_view()),
    path("v1/accounts/<int:pk>/unmute", accounts.Unmute.as_view()),
    path("v1/accounts/<int:pk>/block", accounts.Block.as_view()),
    path("v1/accounts/<int:pk>/unblock", accounts.Unblock.as_view()),
    path("v1/statuses", statuses.Statuses.as_view()),
    path("v1/statuses/<int:pk>", statuses.OneStatus.as_view()),
    path("v1/statuses/<int:pk>/source", statuses.Source.as_view()),
    path("v1/statuses/<int:pk>/history", statuses.History.as_view()),
    path("v1/statuses/<int:pk>/context", statuses.Context.as_view()),
    path("v1/statuses/<int:pk>/favourite", reactions.Favourite.as_view()),
    path("v1/statuses/<int:pk>/unfavourite", reactions.Unfavourite.as_view()),
    path("v1/statuses/<int:pk>/reblog", reactions.Reblog.as_view()),
    path("v1/statuses/<int:pk>/unreblog", reactions.Unreblog.as_view()),
    path("v1/timelines/home", timelines.Home.as_view()),
    path("v1/timelines/public", timelines.Public.as_view()),
    path("v1/timelines/tag/<str:name>", timelines.Tag.as_view()),
    path("v1/reports", reports.Reports.as_view()),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("", unknown_address),
    path("<path:path>", unknown_address),
]
