"""Where partners stand in the navigation."""

from django.utils.translation import gettext_lazy as _

from andon.web.navigation import NavigationItem

NAVIGATION = (
    NavigationItem(
        _("Partners"), "partners", "handshake", "partners.view", group="control", position=70
    ),
)
