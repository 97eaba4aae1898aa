"""``tandem manage junction_token SLUG``: make the token of a junction's engine, and print it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from tandem.core.errors import NotFound
from tandem.core.text import say
from tandem.junctions.models import Junction
from tandem.junctions.services import register


class NoSuchJunction(NotFound):
    """There is no junction of that name."""

    code = "junctions.no-such-junction"

    def __init__(self, slug: str) -> None:
        super().__init__(
            say("There is no junction {slug}. Its name is the last part of its address.", slug=slug)
        )


class Command(BaseCommand):
    """Makes a token, for installations that are set up by commands."""

    help = "Make the token of a junction's engine, and print it once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the junction's name."""
        parser.add_argument("slug")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        """Make and print it.

        Raises:
            NoSuchJunction: There is no junction of that name.
        """
        junction = Junction.objects.filter(slug=options["slug"]).first()
        if junction is None:
            raise NoSuchJunction(options["slug"])
        self.stdout.write(register.make_token(junction, person=None, now=timezone.now()))
