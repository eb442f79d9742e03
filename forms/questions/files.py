"""Questions that are answered with files."""

# ruff: noqa: D102  (what each method is for is said once, in base.Question)

from django import forms

from ..rules.file_types import ALLOWED_WORDS, EXTENSIONS, LARGEST_WORDS, UploadRefused
from .base import Question, QuestionForm, object_schema
from .fields import FilesField, TokensField


class File(Question):
    """A file question; an answer stores tokens, names and sizes, and the files are in private storage."""

    type = "file"
    template = "forms/questions/file.html"
    shape = {"type": "file"}
    public_settings = ("most",)
    takes_files = True
    is_compared_apart = True  # by what is in the files

    @property
    def most(self) -> int:
        """Return the maximum number of files."""
        return self.item.get("most", 1)

    def fields(self) -> dict[str, forms.Field]:
        return {self.name: FilesField(required=False), self.kept_name: TokensField(required=False)}

    def check(self, form: QuestionForm) -> None:
        tokens = form.data.getlist(self.kept_name)
        kept = form.unsent_uploads(self.id, tokens)
        sent = form.cleaned_data.get(self.name) or []
        problem = "" if len(kept) == len(set(tokens)) else "We no longer have one of your files. Choose it again."
        if len(kept) + len(sent) > self.most:
            problem = f"You can send {'one file' if self.most == 1 else f'up to {self.most} files'} here"
        elif not problem and self.required and not (kept or sent):
            problem = f"Choose a file for “{self.label}”"
        if problem:
            form.add_error(self.name, problem)
        form.cleaned_data[self.kept_name] = form.kept[self.id] = kept

    def keep_files(self, form: QuestionForm) -> None:
        kept, sent, problem = list(form.kept[self.id]), form.files.getlist(self.name), ""
        for file in sent if len(kept) + len(sent) <= self.most else []:
            try:
                kept.append(form.keep(self.id, file))
            except UploadRefused as refused:
                problem = str(refused)
        kept = [upload for upload in kept if upload]
        form.note_kept(self.id, self.kept_name, kept)
        if problem:
            form.add_error(self.name, problem)
        form.cleaned_data[self.kept_name] = kept

    def answer(self, cleaned: dict) -> object:
        kept = cleaned.get(self.kept_name) or []
        return [{"token": upload.token.hex, "name": upload.name, "size": upload.size} for upload in kept] or None

    def schema(self) -> dict:
        token = {"type": "string", "pattern": "^[0-9a-f]{32}$", "description": "What came back for the file."}
        parts = {"token": token, "name": {"type": "string"}, "size": {"type": "integer"}}
        item = object_schema(parts, ["token", "name"])
        return {"type": "array", "items": item, "minItems": int(self.required), "maxItems": self.most}

    def file_tokens(self, answer: object) -> list[str]:
        return [str(file["token"]) for file in _files(answer)]

    def to_form_data(self, answer: object) -> dict[str, list[str]]:
        return {self.kept_name: self.file_tokens(answer)}

    def component(self, form: QuestionForm | None) -> dict:
        rules = f"{ALLOWED_WORDS}, up to {LARGEST_WORDS}{' each' if self.most > 1 else ''}."
        return super().component(form) | {
            "hint": f"{self.hint} {rules}".strip(),
            "accept": ",".join(f".{extension}" for extension in EXTENSIONS),
            "multiple": self.most > 1,
            "kept_name": self.kept_name,
            "kept": self._kept(form),
            "has_room": len(self._kept(form)) < self.most,
        }

    def _kept(self, form: QuestionForm | None) -> list:
        if not form or not form.is_bound:
            return []
        if self.id not in form.kept:  # nothing is judged yet, but what is kept is shown
            form.kept[self.id] = form.unsent_uploads(self.id, form.data.getlist(self.kept_name))
        return form.kept[self.id]

    def format_answer(self, answer: object) -> list[tuple[str, str]]:
        return [(self.label, "\n".join(str(file["name"]) for file in _files(answer)))]


def _files(answer: object) -> list[dict]:
    files = answer if isinstance(answer, list) else []
    return [file for file in files if isinstance(file, dict) and {"token", "name"} <= set(file)]
