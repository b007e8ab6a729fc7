"""Addresses of the client API, written without the slash at the end that `slashes` drops."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from parler.api.errors import unknown_address
from parler.api.views import (
    accounts,
    apps,
    desk,
    desk_appeals,
    due_process,
    instance,
    reactions,
    reports,
    statuses,
    timelines,
)

MODERATION = [
    path("queue", desk.Queue.as_view()),
    path("queue/next", desk.Next.as_view()),
    path("cases/<int:pk>", desk.OneCase.as_view()),
    path("cases/<int:pk>/claim", desk.Claim.as_view()),
    path("cases/<int:pk>/release", desk.Release.as_view()),
    path("cases/<int:pk>/skip", desk.Skip.as_view()),
    path("cases/<int:pk>/take_over", desk.TakeOver.as_view()),
    path("cases/<int:pk>/decide", desk.Decide.as_view()),
    path("decisions/<int:pk>/overturn", desk.Overturn.as_view()),
    path("decisions/<int:pk>/appeal", due_process.AppealAgainst.as_view()),
    path("appeals", desk_appeals.Appeals.as_view()),
    path("appeals/<int:pk>", desk_appeals.OneAppeal.as_view()),
    path("appeals/<int:pk>/answer", desk_appeals.Answer.as_view()),
    path("appeals/<int:pk>/decide", desk_appeals.DecideAppeal.as_view()),
    path("statements", due_process.Statements.as_view()),
    path("statements/<int:pk>", due_process.OneStatement.as_view()),
    path("notices", due_process.Notices.as_view()),
    path("notices/<int:pk>", due_process.OneNotice.as_view()),
    path("own_appeals", due_process.OwnAppeals.as_view()),
    path("own_appeals/<int:pk>", due_process.OneOwnAppeal.as_view()),
]

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
    path("parler/v1/moderation/", include(MODERATION)),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("", unknown_address),
    path("<path:path>", unknown_address),
]
