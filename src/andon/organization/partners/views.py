"""Page: suppliers and customers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from andon.organization.partners.models import Partner
from andon.records.access import needs


@needs("partners.view")
def partner_list(request: HttpRequest) -> HttpResponse:
    """List suppliers first, then customers."""
    partners = Partner.objects.order_by("-kind", "code")
    suppliers = Partner.objects.filter(kind=Partner.Kind.SUPPLIER).count()
    context = {"partners": partners, "suppliers": suppliers}
    return render(request, "partners/partner_list.html", context)
