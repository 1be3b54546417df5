"""The addresses of records: /nc/, /nc/new/, /nc/NC-2025-0001/."""

from django.urls import path, register_converter

from andon.records.registry import record_types
from andon.records.sign_in import addresses
from andon.records.views import across, acts, detail, forms, lists


class PrefixConverter:
    """The prefix of a record type in an address; anything else is another page's."""

    regex = "[a-z]{2,4}"

    def to_python(self, value: str) -> str:
        """Accept only prefixes of record types."""
        known = {model.WORKFLOW.prefix.lower() for model in record_types().values()}
        if value not in known:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        """Return the prefix as it stands in an address."""
        return value.lower()


register_converter(PrefixConverter, "prefix")
urlpatterns = [
    *addresses.urlpatterns,
    path("logout/", across.log_out, name="logout"),
    path("logout/", across.log_out, name="account_logout"),
    path("inbox/", across.show_inbox, name="inbox"),
    path("search/", across.show_search, name="search"),
    path("profile/", across.profile, name="profile"),
    path("profile/password/", across.change_password, name="change_password"),
    path("profile/tokens/", across.new_token, name="new_token"),
    path("profile/tokens/<int:key>/revoke/", across.end_token, name="end_token"),
    path("profile/reminders/", across.set_reminders, name="set_reminders"),
    path("trail/verify/", across.show_verification, name="verify_trail"),
    path("files/<int:key>/", acts.download, name="download"),
    path("files/<int:key>/picture/", acts.picture, name="picture"),
    path("<prefix:prefix>/", lists.record_list, name="records"),
    path("<prefix:prefix>/filters/", lists.save_filter, name="save_filter"),
    path("<prefix:prefix>/filters/<int:key>/drop/", lists.drop_filter, name="drop_filter"),
    path("<prefix:prefix>/new/", forms.create_record, name="create_record"),
    path("<prefix:prefix>/<str:number>/", detail.record_detail, name="record"),
    path("<prefix:prefix>/<str:number>/pdf/", acts.pdf, name="record_pdf"),
    path("<prefix:prefix>/<str:number>/verify/", across.verify_one, name="verify_record"),
    path("<prefix:prefix>/<str:number>/change/", forms.change_record, name="change_record"),
    path("<prefix:prefix>/<str:number>/step/<str:step>/", acts.take_step, name="take_step"),
    path("<prefix:prefix>/<str:number>/comments/", acts.add_comment, name="add_comment"),
    path("<prefix:prefix>/<str:number>/files/", acts.add_attachment, name="add_attachment"),
    path("<prefix:prefix>/<str:number>/links/", acts.add_link, name="add_link"),
    path("<prefix:prefix>/<str:number>/trail-review/", acts.review_trail, name="review_trail"),
    path("<prefix:prefix>/<str:number>/assign/", acts.assign, name="assign"),
]
