from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies import tokens
from safeguarding.agencies.models import Agency, Partnership, User


class Command(BaseCommand):
    help = "Issue a bearer token for the API; it is printed once, alone on the last line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        holder = parser.add_mutually_exclusive_group(required=True)
        holder.add_argument("--agency", help="slug of the agency whose system gets the token")
        holder.add_argument("--user", help="e-mail address of the person who gets the token")
        parser.add_argument("--scopes", help="scopes, separated by commas")
        parser.add_argument("--partnership", help="slug of the partnership, for an agency that is in several")

    def handle(self, *args: Any, **options: Any) -> None:
        scopes = [scope.strip() for scope in (options["scopes"] or "").split(",") if scope.strip()]
        with acting_as(Principal(service="setup", purpose="issue_token")):
            try:
                secret = self._issue(options, scopes)
            except tokens.CannotIssue as error:
                raise CommandError(str(error)) from None
        self.stderr.write("This token is shown once. Keep it where only the system that uses it can read it.")
        self.stdout.write(secret)

    def _issue(self, options: dict[str, Any], scopes: list[str]) -> str:
        if options["user"]:
            user = User.objects.filter(email__iexact=options["user"].strip()).first()
            if user is None:
                raise CommandError("Nobody here has this e-mail address.")
            return tokens.issue_to_person(user=user, scopes=scopes or tokens.PERSON_SCOPES)
        agency = Agency.objects.filter(slug=options["agency"]).first()
        if agency is None:
            raise CommandError("There is no agency with this slug.")
        partnership = None
        if options["partnership"]:
            partnership = Partnership.objects.filter(slug=options["partnership"]).first()
            if partnership is None:
                raise CommandError("There is no partnership with this slug.")
        return tokens.issue_to_agency(agency=agency, scopes=scopes, partnership=partnership)
