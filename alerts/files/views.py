"""Pages of safeguarding files: a setting's list, one file, and what is added to it."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from alerts.files import selectors, services
from alerts.files.enums import Link, PersonsPart, Relation
from alerts.files.forms import AddendumForm, ChronologyFilter, LinkForm, NoteForm, PersonForm, today
from alerts.files.models import FileEntry, SafeguardingFile
from alerts.files.paper import file_pdf
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.web.pdf import pdf_file
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView

TO_READ = "Read a child's safeguarding file"


class Files(HubView):
    template_name = "alerts/files/file_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        page = selectors.files_page(cursor=request.GET.get("cursor", ""), for_user=request.user)
        selectors.remember_listing(page)
        return self.page({"page": page})


class FileView(HubView):
    """One file; absent and another setting's are the same (NTK-01)."""

    @cached_property
    def file(self) -> SafeguardingFile:
        return selectors.get_file(self.kwargs["ref"], for_user=self.request.user)

    @property
    def child(self) -> str:
        return f"{self.file.child_given_name} {self.file.child_family_name}"

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "files:file", self.file.ref)

    def keeping(self) -> None:
        """Only for who keeps the file: a grant lets read, not write (NTK-03)."""
        if not selectors.keeps(self.file, for_user=self.request.user):
            raise NotVisible


class FilePage(FileView):
    """Each opening is remembered with its purpose (AUD-01)."""

    template_name = "alerts/files/file_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = ChronologyFilter(request.GET or None)
        filters = form.filters(request.GET.get("cursor", ""))
        page = selectors.chronology(self.file, filters, for_user=request.user)
        shown = [line.entry.ref for line in page.lines]
        record("file.opened", self.file, purpose=TO_READ, shown=shown, at=self.file.controller_id)
        return self.page({**self.about(), "form": form, "filters": filters, "page": page})

    def about(self) -> dict[str, Any]:
        user = self.request.user
        keeps = selectors.keeps(self.file, for_user=user)
        return {
            "file": self.file,
            "people": selectors.people_in(self.file, for_user=user),
            "linked": selectors.linked_files(self.file, for_user=user),
            "readers": selectors.readers_of(self.file, for_user=user),
            "keeps": keeps,
            "manage": self.file.ref if selectors.may_lend(self.file, for_user=user) else "",
        }


class Print(FilePage):
    """The whole chronology for paper, oldest first, marked, with who printed it and when (SHR-09)."""

    template_name = "alerts/files/file_print.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        everything = selectors.Filters()
        page = selectors.chronology(self.file, everything, for_user=request.user, limit=selectors.MOST_PRINTED)
        record("file.printed", self.file, facts={"entries": len(page.lines)}, at=self.file.controller_id)
        return self.page({**self.about(), "lines": page.lines[::-1], "more": page.older, "by": request.user})


class Pdf(FileView):
    """The same as a tagged PDF; its name says nothing of the child (ALR-15, SHR-09)."""

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        everything = selectors.Filters()
        page = selectors.chronology(self.file, everything, for_user=request.user, limit=selectors.MOST_PRINTED)
        people = selectors.people_in(self.file, for_user=request.user)
        content = file_pdf(self.file, page.lines[::-1], people, made_for=request.user.name, at=timezone.now())
        record("file.printed", self.file, facts={"entries": len(page.lines)}, at=self.file.controller_id)
        return pdf_file(f"file-{self.file.ref}", content)


class AddView(FileView):
    """One form about the file, and back to it."""

    message = ""

    def form(self, data: Any = None) -> forms.Form:
        raise NotImplementedError

    def save(self, form: Any) -> None:
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        return {}

    def show(self, form: forms.Form) -> HttpResponse:
        return self.page({"file": self.file, "form": form, **self.context()})

    def get(self, request: SignedInRequest, **_: str) -> HttpResponse:
        self.keeping()
        return self.show(self.form())

    def post(self, request: SignedInRequest, **_: str) -> HttpResponse:
        self.keeping()
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        self.save(form)
        return self.back(self.message)


class AddNote(AddView):
    template_name = "alerts/files/note_form.html"
    message = "The note is in the file. It cannot be changed; what is missing can be added to it."

    def form(self, data: Any = None) -> NoteForm:
        linked = selectors.linked_files(self.file, for_user=self.request.user)
        return NoteForm(data, child=self.child, linked=linked, initial={"happened_on": today()})

    def save(self, form: NoteForm) -> None:
        services.write_note(self.file, note=form.note, also=form.also, by=self.request.user)


class AddAddendum(AddView):
    template_name = "alerts/files/addendum_form.html"
    message = "The addendum is in the file, below the entry."

    @cached_property
    def entry(self) -> FileEntry:
        return selectors.get_entry(self.file, self.kwargs["entry"], for_user=self.request.user)

    def form(self, data: Any = None) -> AddendumForm:
        return AddendumForm(data)

    def save(self, form: AddendumForm) -> None:
        services.add_addendum(self.entry, text=form.cleaned_data["text"], by=self.request.user)

    def context(self) -> dict[str, Any]:
        return {"entry": self.entry}


class AddPerson(AddView):
    template_name = "alerts/files/person_form.html"
    message = "The person is on the file."

    def form(self, data: Any = None) -> PersonForm:
        return PersonForm(data, initial={"part": PersonsPart.UNKNOWN})

    def save(self, form: PersonForm) -> None:
        said = form.cleaned_data
        services.add_person(
            self.file,
            name=said["name"],
            relation=Relation(said["relation"]),
            part=PersonsPart(said["part"]),
            note=said["note"],
            by=self.request.user,
        )


class EndPerson(FileView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str, code: str) -> HttpResponse:
        self.keeping()
        services.end_person(selectors.get_person(self.file, code, for_user=request.user), by=request.user)
        return self.back("The person is taken off. The line stays, crossed out.")


class AddLink(AddView):
    template_name = "alerts/files/link_form.html"
    message = "The two files are linked. A note can go into both in one step."

    def form(self, data: Any = None) -> LinkForm:
        return LinkForm(data)

    def save(self, form: LinkForm) -> None:
        other = selectors.get_file(form.cleaned_data["ref"], for_user=self.request.user)
        services.link(self.file, other=other, kind=Link(form.cleaned_data["kind"]), by=self.request.user)
