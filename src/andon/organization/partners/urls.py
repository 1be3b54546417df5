"""Address of the list of partners."""

from django.urls import path

from andon.organization.partners import views

urlpatterns = [path("partners/", views.partner_list, name="partners")]
