"""Where instruments stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from andon.web.navigation import NavigationItem

NAVIGATION = (
    NavigationItem(
        _("Instruments"), "instruments", "gauge", "instruments.view", group="control", position=20
    ),
)
