"""What the catalogue knows of the city itself, for whoever asks for it: parts of measures, above all."""

from tandem.catalogue.services import datasets, own_catalogue
from tandem.core.text import pick
from tandem.kit import installation


def profile() -> dict[str, str]:
    """Return the city as a publisher: its name, the mailbox for questions, and the place, as texts."""
    contacts = datasets.defaults()["contacts"]
    return {
        "publisher": pick(own_catalogue.our_agent().names, installation.city().languages[0]),
        "contact_mail": contacts[0].mail if contacts else "",
        "place": " ".join(own_catalogue.place_iris()),
    }
