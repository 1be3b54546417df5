"""The start page stands first."""

from django.utils.translation import gettext_lazy as _

from andon.web.navigation import NavigationItem

NAVIGATION = (
    NavigationItem(_("Now"), "now", "activity", "", position=10, key="n"),
    NavigationItem(
        _("Record results"), "record_results", "plus", "measurements.record", position=30, key="r"
    ),
)
