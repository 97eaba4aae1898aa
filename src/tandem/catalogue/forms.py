"""Forms of the catalogue: upload, review, withdraw. Those that describe are in ``forms_describe``."""

from django import forms
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

from tandem.kit.forms import Manners

FIELD_NAMES = {
    "titles": gettext_lazy("Title"),
    "descriptions": gettext_lazy("Description"),
    "keywords": gettext_lazy("Keywords"),
    "themes": gettext_lazy("Themes"),
    "file": gettext_lazy("File"),
    "publisher": gettext_lazy("Publisher"),
    "contact": gettext_lazy("Contact"),
    "spatial": gettext_lazy("Place"),
    "temporal": gettext_lazy("Period"),
    "licence": gettext_lazy("Licence"),
    "attribution": gettext_lazy("Source to be named"),
    "access_rights": gettext_lazy("Access"),
    "frequency": gettext_lazy("Updated how often"),
    "geocoding_level": gettext_lazy("Political level"),
    "availability": gettext_lazy("Availability"),
    "identifier": gettext_lazy("Identifier"),
    "modified": gettext_lazy("Last change"),
    "issued": gettext_lazy("First published"),
    "rights_holder": gettext_lazy("Rights holder"),
    "rights": gettext_lazy("Terms of use"),
    "valid": gettext_lazy("Valid DCAT-AP"),
    "bounds": gettext_lazy("Box around the data"),
    "places": gettext_lazy("Further places"),
    "languages": gettext_lazy("Languages in the data"),
    "creators": gettext_lazy("Made by"),
    "contributors": gettext_lazy("Also took part"),
    "originators": gettext_lazy("Collected by"),
    "custodians": gettext_lazy("Looked after by"),
    "landing_page": gettext_lazy("Page about it"),
    "pages": gettext_lazy("Documentation"),
    "conforms_to": gettext_lazy("Follows the standards"),
    "provenance": gettext_lazy("Where the data come from"),
    "sources": gettext_lazy("Made from"),
    "related": gettext_lazy("Has to do with"),
    "references": gettext_lazy("Refers to"),
    "referenced_by": gettext_lazy("Is referred to by"),
    "samples": gettext_lazy("Samples"),
    "in_series": gettext_lazy("Part of the series"),
    "version": gettext_lazy("Version"),
    "version_notes": gettext_lazy("What is new in this version"),
    "versions": gettext_lazy("Other versions of it"),
    "version_of": gettext_lazy("It is a version of"),
    "previous_version": gettext_lazy("The version before"),
    "kinds": gettext_lazy("Kind of data"),
    "spatial_resolution": gettext_lazy("Resolution in metres"),
    "temporal_resolution": gettext_lazy("Resolution in time"),
    "hvd_categories": gettext_lazy("High-value categories"),
    "legislation": gettext_lazy("Legislation"),
    "file_legislation": gettext_lazy("Legislation of the files"),
    "geocoding_descriptions": gettext_lazy("The place in words"),
    "legal_bases": gettext_lazy("Legal basis"),
    "quality_process": gettext_lazy("How quality is seen to"),
    "contributor_ids": gettext_lazy("Contributor known to GovData"),
    "other_identifiers": gettext_lazy("Names elsewhere"),
    "attributions": gettext_lazy("Who took part, and how"),
    "endpoint_urls": gettext_lazy("Address of the service"),
    "endpoint_descriptions": gettext_lazy("Machine-readable description"),
    "serves": gettext_lazy("Gives the datasets"),
    "formats": gettext_lazy("Formats"),
    "access_url": gettext_lazy("Address to get it from"),
    "download_url": gettext_lazy("Direct address of the file"),
    "format": gettext_lazy("File format"),
    "media_type": gettext_lazy("Media type"),
    "compress_format": gettext_lazy("Compressed as"),
    "package_format": gettext_lazy("Packed as"),
    "status": gettext_lazy("How ripe it is"),
    "policy": gettext_lazy("Policy for machines (ODRL)"),
    "services": gettext_lazy("Can be asked by the services"),
    "homepage": gettext_lazy("Home page"),
    "kind": gettext_lazy("Kind of body"),
    "names": gettext_lazy("Name"),
    "mail": gettext_lazy("E-mail address"),
}


class UploadForm(Manners, forms.Form):
    """A file, and what to call it."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "For example a workbook or a CSV file from your office program. It is kept byte for byte."
        ),
        error_messages={"empty": _("The file is empty (0 bytes). Was it saved before it was uploaded?")},
    )


class NewVersionForm(UploadForm):
    """A file that replaces the former one, and what to say of it."""

    note = forms.CharField(
        label=_("What is new"),
        help_text=_("One sentence for the list of versions, such as: figures of 2025 added."),
        max_length=300,
        required=False,
    )


class FollowForm(Manners, forms.Form):
    """An address to follow, and how often."""

    url = forms.URLField(
        label=_("Address of the file"),
        help_text=_("It begins with https:// and leads to the file itself, not to a page about it."),
        max_length=700,
        assume_scheme="https",
    )
    every = forms.ChoiceField(
        label=_("Look for a new version"),
        choices=[
            ("hourly", _("every hour")),
            ("daily", _("every day")),
            ("weekly", _("every week")),
            ("monthly", _("every month")),
        ],
        initial="daily",
    )


class NewFromAddressForm(FollowForm):
    """The first file of a new dataset, from an address."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("What the data is about, such as: Street trees. You can change it later."),
        max_length=200,
        required=False,
    )
    field_order = ("title", "url", "every")


class NewDatasetForm(UploadForm):
    """The first file of a new dataset."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("What the data is about, such as: Street trees. You can change it later."),
        max_length=200,
        required=False,
    )
    field_order = ("title", "file")


class WithdrawForm(Manners, forms.Form):
    """Why a dataset is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is shown to everybody who follows the dataset's address."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1_000,
    )


class NoteForm(Manners, forms.Form):
    """What the next person should know."""

    note = forms.CharField(
        label=_("Note for the review"),
        help_text=_("It is kept in the history and shown to your colleagues only."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1_000,
        required=False,
    )


class SendBackForm(Manners, forms.Form):
    """What is to be changed."""

    note = forms.CharField(
        label=_("What is to be changed"),
        help_text=_("It is shown to your colleagues beside the form."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
    )


class TitleForm(Manners, forms.Form):
    """What to call something new."""

    title = forms.CharField(label=_("Title"), max_length=200)


class AddressForm(TitleForm):
    """A file or a service that lies elsewhere."""

    access_url = forms.URLField(
        label=FIELD_NAMES["access_url"],
        help_text=_("A page or a service on which people get the data. Nothing is copied."),
        assume_scheme="https",
        max_length=700,
    )
