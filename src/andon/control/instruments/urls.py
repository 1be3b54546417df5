"""Addresses of instruments."""

from django.urls import path

from andon.control.instruments import views

urlpatterns = [
    path("instruments/", views.instrument_list, name="instruments"),
    path("instruments/<path:code>/", views.instrument_page, name="instrument"),
]
