"""Every address of Parler."""

from django.contrib import admin
from django.urls import include, path

from parler import health, pages
from parler.oauth import views as oauth

urlpatterns = [
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("admin/", admin.site.urls),
    path("account/second-factor", pages.second_factor_needed, name="second_factor"),
    path("account/", include("allauth.urls")),
    path("oauth/", include("parler.oauth.urls")),
    path(".well-known/oauth-authorization-server", oauth.metadata),
    path("api/", include("parler.api.urls")),
    path("", include("accounts.urls")),
    path("", include("moderation.urls")),
    path("", include("posts.urls")),
]
