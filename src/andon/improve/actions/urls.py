"""The addresses of corrective actions beside the generic ones of records."""

from django.urls import path

from andon.improve.actions import views

urlpatterns = [
    path("ca/on/<str:number>/", views.open_on, name="open_action"),
    path("ca/<str:number>/effect/", views.effect, name="action_effect"),
    path("ca/<str:number>/effect/check/", views.check, name="check_effect"),
    path("ca/<str:number>/lines/<str:name>/", views.write_line, name="action_line"),
    path("ca/<str:number>/items/<int:key>/<str:name>/", views.write_on_item, name="action_on_item"),
]
