"""Addresses of reporting, reasons and rules."""

from django.urls import path

from moderation import views

app_name = "moderation"
urlpatterns = [
    path("report/post/<int:pk>", views.report_post, name="report_post"),
    path("report/profile/<slug:handle>", views.report_profile, name="report_profile"),
    path("report/thanks", views.report_thanks, name="report_thanks"),
    path("statements", views.statements, name="statements"),
    path("statements/<int:pk>", views.statement, name="statement"),
    path("rules", views.rules, name="rules"),
]
