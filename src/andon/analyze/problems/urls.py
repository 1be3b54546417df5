"""The addresses of problems beside the generic ones of records."""

from django.urls import path

from andon.analyze.problems import views

urlpatterns = [
    path("pr/<str:number>/contain/", views.contain_problem, name="contain_problem"),
]
