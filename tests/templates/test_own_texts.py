"""An organisation's own texts: they stand before ours, and one with a fault is refused with its place."""

from pathlib import Path

import pytest

from models.errors import Misconfigured
from models.notices import Message
from models.people import Channel
from templates.messages import MessageTemplates
from templates.own_texts import checked_templates
from templates.samples import longest

FACTS = longest("fr")


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(Misconfigured) as refused:
        checked_templates(folder)
    return str(refused.value).replace(f"{folder}/", "")


def test_an_own_text_stands_before_ours_and_the_others_stay(tmp_path: Path) -> None:
    write(tmp_path, "ask/fr/sms.txt", "{{ organisation }}, à vous : {{ link }}\n")

    templates = checked_templates(tmp_path)

    said = templates.say(Message.ASK, Channel.SMS, "fr", FACTS).body
    assert said == f"Maisons Belvallée & Compagnons Batisseurs, à vous : {FACTS.link}"
    ours = MessageTemplates().say(Message.ASK, Channel.SMS, "en", FACTS)
    assert templates.say(Message.ASK, Channel.SMS, "en", FACTS) == ours


@pytest.mark.parametrize("name", ["ask/fr/sms.txt", "text_answer/de/sms.txt", "wrote/en/body.txt"])
def test_a_copy_of_ours_is_sound_with_all_that_may_be_left_out(tmp_path: Path, name: str) -> None:
    ours = Path(__file__).parents[2] / "templates" / "messages" / name
    write(tmp_path, name, ours.read_text(encoding="utf-8"))

    said = checked_templates(tmp_path).say(Message.ASK, Channel.SMS, "fr", FACTS)
    assert said == MessageTemplates().say(Message.ASK, Channel.SMS, "fr", FACTS)


def test_an_own_layout_changes_every_message_that_has_it(tmp_path: Path) -> None:
    text = "Cher client,\n\n{% block letter %}{% endblock %}\n\nVotre équipe, {{ organisation }}\n"
    write(tmp_path, "layout/fr/letter.txt", text)

    said = checked_templates(tmp_path).say(Message.CONFIRM, Channel.EMAIL, "fr", FACTS).body

    assert said.startswith("Cher client,\n")
    assert said.endswith(f"\nVotre équipe, {FACTS.organisation}")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "ask/fr/sms.txt",
            "{{ organisation }}\n{{ lnik }} {{ link }}",
            "ask/fr/sms.txt:2: unknown variable 'lnik'; did you mean 'link'?",
        ),
        (
            "ask/fr/sms.txt",
            "{{ organisation }} {{ link }} {% if topic %}{{ zzz }}{% endif %}",
            "ask/fr/sms.txt:1: unknown variable 'zzz'; it is one of again, answerable, asked, ",
        ),
        (
            "ask/fr/sms.txt",
            "{{ organisation }}\n\n{% if due %}{{ link }}",
            "ask/fr/sms.txt:3: Unexpected end of template.",
        ),
        (
            "ask/fr/sms.txt",
            "{% iff due %}{{ link }}{% endif %}",
            "ask/fr/sms.txt:1: Encountered unknown tag 'iff'; did you mean 'if'?",
        ),
        (
            "ask/fr/sms.txt",
            "{{ organisation }}\n{{ link | uper }}",
            "ask/fr/sms.txt:2: No filter named 'uper'; did you mean 'upper'?",
        ),
        (
            "ask/fr/sms.txt",
            "{{ organisation }} : à vous.",
            "ask/fr/sms.txt:1: never says {{ link }}, which the reader needs",
        ),
        (
            "promised/fr/sms.txt",
            "{{ organisation }} : c'est promis, {{ link }}",
            (
                "promised/fr/sms.txt:1: never says {{ by }}, which the reader needs\n"
                "promised/fr/sms.txt:1: never says {{ promise }}, which the reader needs\n"
                "promised/fr/sms.txt:1: never says {{ what }}, which the reader needs"
            ),
        ),
        (
            "ask/fr/sms.txt",
            "{{ organisation }}{% if due %} {{ link }}{% endif %}",
            "ask/fr/sms.txt:1: leaves out {{ link }} in some cases",
        ),
        (
            "ask/fr/sms.txt",
            "{{ organisation }} " + "bla " * 80 + "{{ link }}",
            "ask/fr/sms.txt:1: takes 3 segments though names are clipped; at most 2 are sent",
        ),
        (
            "ask/fr/subject.txt",
            "Deux\nlignes",
            "ask/fr/subject.txt:1: is not one line, which a subject is",
        ),
        (
            "aks/fr/sms.txt",
            "{{ link }}",
            "aks/fr/sms.txt:1: there is no text of this name; did you mean 'ask/fr/sms.txt'?",
        ),
        (
            "ask/fr/body.txt",
            '{% extends "layout/fr/coleague.txt" %}',
            (
                "ask/fr/body.txt:1: there is no text 'layout/fr/coleague.txt'; "
                "did you mean 'layout/fr/colleague.txt'?"
            ),
        ),
        (
            "ask/fr/body.txt",
            "{% extends recipient %}",
            "ask/fr/body.txt:1: write the name of the other text in quotes",
        ),
        (
            "layout/fr/letter.txt",
            "{% block letter %}{% endblock %}",
            (
                "layout/fr/letter.txt:1: never says {{ organisation }}, which the reader needs in "
                "action_given/fr/body.txt"
            ),
        ),
        (
            "layout/fr/promises.txt",
            "\n{% set PROMISE = {} %}",
            (
                "cannot be written: the template 'layout/fr/promises.txt' (imported on line 2 in "
                "'promise_dropped/fr/body.txt') does not export the requested name 'PROMISES'"
            ),
        ),
        (
            "ask/fr/sms.txt",
            "{{ organisation }}\n\n{{ link.lower().nothing }}{{ link }}",
            "ask/fr/sms.txt:3: cannot be written: 'str object' has no attribute 'nothing'",
        ),
    ],
)
def test_a_text_with_a_fault_is_refused_with_its_file_line_and_what_was_meant(
    tmp_path: Path, name: str, text: str, told: str
) -> None:
    write(tmp_path, name, text)
    assert told in refusal(tmp_path)


def test_every_text_with_a_fault_is_named(tmp_path: Path) -> None:
    write(tmp_path, "ask/fr/sms.txt", "{{ lnik }}")
    write(tmp_path, "ask/en/sms.txt", "{{ lnik }}")
    assert len(refusal(tmp_path).splitlines()) == 2


@pytest.mark.parametrize(
    "reaching", ["''.__class__.__mro__", "organisation.format.__globals__", "link.__init__"]
)
def test_a_text_cannot_reach_into_the_process(tmp_path: Path, reaching: str) -> None:
    write(tmp_path, "ask/fr/sms.txt", f"{{{{ organisation }}}} {{{{ link }}}} {{{{ {reaching} }}}}")
    assert "is unsafe" in refusal(tmp_path) or "has no attribute" in refusal(tmp_path)


def test_what_was_checked_is_what_is_said_though_the_file_changes(tmp_path: Path) -> None:
    write(tmp_path, "ask/fr/sms.txt", "{{ organisation }} {{ link }}")
    templates = checked_templates(tmp_path)
    write(tmp_path, "ask/fr/sms.txt", "{{ nothing }}")

    assert FACTS.link in templates.say(Message.ASK, Channel.SMS, "fr", FACTS).body


def test_hidden_files_are_no_texts(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").write_text("x")
    (tmp_path / ".DS_Store").write_bytes(b"\xff")
    checked_templates(tmp_path)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "ask.txt").write_bytes("é".encode("latin-1"))
    assert refusal(tmp_path) == "ask.txt: is no text in UTF-8; save it as UTF-8."


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none").startswith("RAPPEL_TEMPLATES_DIR: there is no folder ")


def test_a_layout_with_a_fault_is_named_once(tmp_path: Path) -> None:
    write(tmp_path, "layout/fr/letter.txt", "{{ organisation }} {% block letters %}{% endblock %}")
    assert len(refusal(tmp_path).splitlines()) == 1
