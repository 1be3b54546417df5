"""Addresses of the driver analysis."""

from django.urls import path

from andon.analyze.drivers import views

urlpatterns = [
    path("analyze/drivers/", views.drivers, name="drivers"),
    path("analyze/pareto/", views.show_pareto, name="pareto"),
]
