"""Where edits are learned from, the next drafts sound as the user leaves them; nobody else's do."""

from typing import Any

from nodes.jira_assistant.tone import KEPT_AT_MOST, namespace
from tests.fakes import ScriptedModels
from tests.graph.conftest import Conversation, Start

SAID = "email my manager I'm ill today"
PHRASE = "Best regards,"


def edited(chat: Conversation, number: int, user: str = "u1", **change: str) -> dict[str, Any]:
    other = chat.other(f"{user}-{number}")
    out = other.say(
        SAID, user_id=user, user_name="Sam Field", manager_name="Kim", manager_email="kim@example.org"
    )
    args = {**out["pending_approval"]["args"], **change}
    done = other.answer([{"type": "edit", "args": {"action": "send_email", "args": args}}], user_id=user)
    assert done["executed"] is True, done["error_message"]
    return out


def kept(chat: Conversation, user: str = "u1") -> list[Any]:
    store = chat.assistant.store
    assert not isinstance(store, bool)
    assert store is not None
    return store.search(namespace(None, user), limit=100)


def test_what_a_user_changes_twice_is_done_for_them(start: Start) -> None:
    chat = start(learn_from_edits=True)
    first = edited(chat, 1, closing="Cheers,")
    assert first["email_components"]["closing"] == PHRASE
    edited(chat, 2, closing="Cheers,")
    third = chat.other("t-3").say(SAID, user_name="Sam Field")
    assert third["email_components"]["closing"] == "Cheers,"
    assert "Cheers," in third["generated_content"]
    assert chat.other("t-4").say(SAID, user_id="u2")["email_components"]["closing"] == PHRASE
    assert chat.other("t-5").say(SAID, tenant="elsewhere")["email_components"]["closing"] == PHRASE


def test_it_is_off_unless_wanted(start: Start) -> None:
    chat = start()
    for number in range(3):
        edited(chat, number, closing="Cheers,")
    assert kept(chat) == []
    assert chat.other("t-9").say(SAID)["email_components"]["closing"] == PHRASE


def test_examples_are_bounded_and_the_oldest_go(start: Start) -> None:
    chat = start(learn_from_edits=True)
    for number in range(KEPT_AT_MOST + 3):
        edited(chat, number, subject=f"Subject of {'abcdefghijklmnopqrstuvwxyz'[number]}")
    subjects = [item.value["changed"]["subject"][1] for item in kept(chat)]
    assert len(subjects) == KEPT_AT_MOST
    assert subjects[0] == f"Subject of {'abcdefghijklmnopqrstuvwxyz'[KEPT_AT_MOST + 2]}"


def test_a_model_sees_the_examples_as_data_and_a_draft_is_not_shared_with_one_without(start: Start) -> None:
    comment = "Fixed the button bug and tested staging."
    models = ScriptedModels(comment, comment)
    chat = start(models, learn_from_edits=True)
    said = "fixed button bug, tested staging"
    args = chat.say(said)["pending_approval"]["args"]
    better = {**args, "comment": "Fixed the button bug; tested staging."}
    chat.answer([{"type": "edit", "args": {"action": "post_jira_comment", "args": better}}])
    out = chat.other("t-2").say(said)
    assert out["from_cache"] is False
    assert "<style_example>" in models.asked[1].messages[1][1]
    assert better["comment"] in models.asked[1].messages[1][1]
    assert "<style_example>" not in models.asked[0].messages[1][1]
