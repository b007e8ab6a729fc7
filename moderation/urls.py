"""Addresses of reporting, reasons, appeals and rules."""

from django.urls import path

from moderation import appeal_pages, guest_pages, referral_pages, reporter_pages, views

app_name = "moderation"
urlpatterns = [
    path("report/post/<int:pk>", views.report_post, name="report_post"),
    path("report/profile/<slug:handle>", views.report_profile, name="report_profile"),
    path("report/thanks", views.report_thanks, name="report_thanks"),
    path("report/standing", reporter_pages.standing, name="reporter_standing"),
    path("report/notice", guest_pages.give_notice, name="give_notice"),
    path("report/notice/thanks", guest_pages.notice_thanks, name="notice_thanks"),
    path("report/notice/<str:token>", guest_pages.guest_notice, name="guest_notice"),
    path("report/notice/<str:token>/confirm", guest_pages.confirm, name="confirm_notice"),
    path("report/notice/<str:token>/appeal", guest_pages.appeal, name="guest_appeal"),
    path("report/notice/<str:token>/answer", guest_pages.answer, name="answer_guest_appeal"),
    path("report/notice/<str:token>/disown", guest_pages.disown, name="disown_notice"),
    path("statements", views.statements, name="statements"),
    path("statements/<int:pk>", views.statement, name="statement"),
    path("appeals", appeal_pages.appeals, name="appeals"),
    path("appeals/against/<int:pk>", appeal_pages.make_appeal, name="make_appeal"),
    path("appeals/<int:pk>", appeal_pages.appeal, name="appeal"),
    path("appeals/<int:pk>/answer", appeal_pages.answer, name="answer_appeal"),
    path("notices", appeal_pages.notices, name="notices"),
    path("notices/<int:pk>", appeal_pages.notice, name="notice"),
    path("referrals", referral_pages.told_referrals, name="told_referrals"),
    path("rules", views.rules, name="rules"),
]
