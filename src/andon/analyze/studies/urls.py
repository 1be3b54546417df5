"""The addresses of the study bench beside the generic ones of records."""

from django.urls import path

from andon.analyze.studies import views

urlpatterns = [
    path("st/<str:number>/lines/<str:name>/", views.write_line, name="study_line"),
    path("st/<str:number>/sheet/", views.sheet, name="study_sheet"),
    path("st/<str:number>/enter/", views.enter, name="study_entry"),
    path("evidence/<int:key>/", views.evidence_page, name="evidence"),
    path("evidence/for/", views.choose_record, name="evidence_for"),
    path("evidence/on/<str:number>/", views.add_evidence, name="add_evidence"),
]
