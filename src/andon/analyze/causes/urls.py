"""The addresses of causes."""

from django.urls import path

from andon.analyze.causes import views

urlpatterns = [
    path("causes/of/<str:number>/new/", views.propose, name="propose_cause"),
    path("causes/<int:key>/<str:name>/", views.argue, name="argue_cause"),
    path("causes/steps/<int:key>/evidence/", views.step_evidence, name="why_evidence"),
]
