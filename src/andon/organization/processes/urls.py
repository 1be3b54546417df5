"""Addresses of processes and machines."""

from django.urls import path

from andon.organization.processes import views

urlpatterns = [
    path("processes/", views.process_list, name="processes"),
    path("processes/<path:code>/", views.process_page, name="process"),
    path("machines/<path:code>/", views.machine_page, name="machine"),
]
