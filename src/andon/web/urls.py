"""The addresses of the face itself."""

from django.urls import path

from andon.web import views

urlpatterns = [
    path("design/", views.living, name="design"),
    path("language/", views.set_language, name="set_language"),
]
