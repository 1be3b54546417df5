"""Addresses of control plans and of the master data file."""

from django.urls import path

from andon.control.plans import views

urlpatterns = [
    path("control-plans/", views.plan_list, name="control-plans"),
    path("control-plans/<path:code>/", views.plan_page, name="control-plan"),
    path("master-data/", views.master_data, name="master-data"),
    path("master-data/export.<str:suffix>", views.export, name="master-data-export"),
]
