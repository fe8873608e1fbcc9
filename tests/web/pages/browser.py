"""A browser without scripts: it keeps cookies, reads pages, and sends forms as they stand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from httpx2 import ASGITransport, AsyncClient, Response

HERE = "http://127.0.0.1:8080"
ACCEPTS = {"accept": "text/html,*/*;q=0.8", "accept-language": "en-GB,en;q=0.9"}


@dataclass(slots=True)
class Form:
    """`fields` holds what would be sent: hidden values, texts and chosen options, but no button."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._area: str | None = None
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "form":
                self.forms.append(Form(given.get("action", "")))
            case "input":
                self.forms[-1].fields[given["name"]] = given.get("value", "")
            case "textarea":
                self._area = given["name"]
                self.forms[-1].fields[self._area] = ""
            case "select":
                self._select = given["name"]
            case "option" if "selected" in given or self._select not in self.forms[-1].fields:
                self.forms[-1].fields[self._select] = given["value"]
            case _:
                return

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is None:
            self.words.append(data.strip())
        else:
            self.forms[-1].fields[self._area] += data


@dataclass(slots=True)
class Page:
    """What a visitor sees after an answer; `words` is all visible text on one line."""

    answered: Response
    words: str
    forms: Mapping[str, Form]

    @classmethod
    def of(cls, answered: Response) -> "Page":
        reader = _Reader(answered.text)
        words = " ".join(word for word in reader.words if word)
        return cls(answered, words, {form.action: form for form in reader.forms})

    @property
    def status(self) -> int:
        return self.answered.status_code

    def form(self, ending: str = "") -> Form:
        """The one whose action ends like this."""
        return next(form for action, form in self.forms.items() if action.endswith(ending))


class Browser:
    """`headers` go with every request, over those of an English browser."""

    def __init__(self, app: object, base_url: str = HERE, **headers: str) -> None:
        self.http = AsyncClient(
            transport=ASGITransport(app=app),  # type: ignore[arg-type]
            base_url=base_url,
            headers=ACCEPTS | headers,
        )

    async def get(self, path: str) -> Page:
        return Page.of(await self.http.get(path))

    async def post(self, path: str, fields: Mapping[str, str] | None = None) -> Page:
        return Page.of(await self.http.post(path, data=dict(fields or {})))

    async def send(self, form: Form, **written: str) -> Page:
        return await self.post(form.action, form.fields | written)
