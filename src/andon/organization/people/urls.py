"""Address of the list of people."""

from django.urls import path

from andon.organization.people import views

urlpatterns = [path("people/", views.person_list, name="people")]
