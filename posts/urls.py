"""Addresses of what people read and write."""

from django.urls import URLPattern

app_name = "posts"
urlpatterns: list[URLPattern] = []
