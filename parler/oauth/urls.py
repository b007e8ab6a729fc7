"""Addresses of OAuth 2."""

from django.urls import path

from parler.oauth import views

app_name = "oauth"
urlpatterns = [
    path("authorize", views.ConsentView.as_view(), name="authorize"),
    path("token", views.IssueTokenView.as_view(), name="token"),
    path("revoke", views.ForgetTokenView.as_view(), name="revoke"),
]
