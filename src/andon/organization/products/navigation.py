"""Where products, characteristics and lots stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from andon.web.navigation import NavigationItem

NAVIGATION = (
    NavigationItem(_("Lots"), "lots", "package", "lots.view", group="identify", position=60),
    NavigationItem(
        _("Characteristics"),
        "characteristics",
        "ruler",
        "products.view",
        group="control",
        position=30,
    ),
    NavigationItem(
        _("Products"), "products", "boxes", "products.view", group="control", position=60
    ),
)
