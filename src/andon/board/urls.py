"""The address of the start page and of the server's health."""

from django.urls import path

from andon.board import capture_views, imports_views, views

urlpatterns = [
    path("", views.now, name="now"),
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    path("record/", capture_views.choose, name="record_results"),
    path("record/<str:characteristic>/<str:machine>/", capture_views.capture, name="capture"),
    path(
        "record/<str:characteristic>/<str:machine>/sent/", capture_views.sent, name="capture_sent"
    ),
    path(
        "record/<str:characteristic>/<str:machine>/acknowledge/",
        capture_views.acknowledge_signals,
        name="capture_acknowledge",
    ),
    path("import/", imports_views.give, name="import_results"),
    path("import/<uuid:key>/", imports_views.map_columns, name="import_mapping"),
    path("import/<uuid:key>/outcome/", imports_views.outcome, name="import_outcome"),
    path("import/<uuid:key>/reported.csv", imports_views.reported, name="import_reported"),
]
