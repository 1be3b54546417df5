"""Addresses of monitoring: charts by the code of their stream, signals, characteristics."""

from django.urls import path

from andon.analyze.monitoring import characteristic_views, point_views, signal_views, views

urlpatterns = [
    path("charts/", views.stream_list, name="charts"),
    path("charts/<path:code>/data/", views.chart_columns, name="chart_columns"),
    path("charts/<path:code>/point/", point_views.point, name="point"),
    path("charts/<path:code>/phase/", point_views.new_phase, name="new_phase"),
    path("charts/<path:code>/", views.chart_page, name="chart"),
    path("signals/", signal_views.signal_list, name="signals"),
    path("signals/<int:key>/acknowledge/", signal_views.acknowledge, name="acknowledge_signal"),
    path(
        "characteristics/<path:code>/",
        characteristic_views.characteristic_page,
        name="characteristic",
    ),
    path("measurements/", characteristic_views.measurement_list, name="measurement_rows"),
]
