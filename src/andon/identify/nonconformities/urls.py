"""The addresses of nonconformities beside the generic ones of records."""

from django.urls import path

from andon.identify.nonconformities import views

urlpatterns = [
    path("nc/new/", views.report, name="report_nonconformity"),
    path("nc/<str:number>/lines/<str:name>/", views.write_line, name="nonconformity_line"),
    path(
        "nc/<str:number>/lines/<int:key>/<str:name>/",
        views.write_on_line,
        name="nonconformity_on_line",
    ),
]
