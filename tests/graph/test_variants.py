"""A variant's users get its prompt and its model, everybody else neither; the result says which it was."""

import prompts
from services.variants import Variant
from tests.fakes import ScriptedModels
from tests.graph.conftest import Start

UPDATE = "fixed button bug, tested staging"
COMMENT = "Fixed the button bug and tested staging."
OTHER = "Button bug fixed; tested staging."
SHORT = "Answer with the comment alone, as short as you can, {{ min_words }} words at least."
ALL = {"short": Variant(share=100, prompts={"rephrase_comment": SHORT}, primary_model="tiny")}
NOBODY = {"short": ALL["short"].model_copy(update={"share": 0})}


def test_its_prompt_and_model_are_used_and_recorded(start: Start) -> None:
    models = ScriptedModels(COMMENT)
    out = start(models, variants=ALL).say(UPDATE)
    assert models.asked[0].messages[0] == ("system", SHORT.replace("{{ min_words }}", "3"))
    assert models.asked[0].model == "tiny"
    assert out["metadata"]["variant"] == "short"
    assert out["metadata"]["prompt_version"] == prompts.version("", template=SHORT)


def test_everybody_else_notices_nothing(start: Start) -> None:
    models = ScriptedModels(COMMENT)
    out = start(models, variants=NOBODY).say(UPDATE)
    assert models.asked[0].model is None
    assert "as short as you can" not in models.asked[0].messages[0][1]
    assert "variant" not in out["metadata"]


def test_a_redraft_stays_in_the_variant_of_its_message_whoever_asks_for_it(start: Start) -> None:
    models = ScriptedModels(COMMENT, OTHER)
    chat = start(models, variants=ALL)
    chat.say(UPDATE)
    without = start(models, variants=NOBODY).other(chat.thread)
    assert without.services.settings.variants["short"].share == 0
    out = without.answer([{"type": "response", "args": "make it shorter"}], user_id="reviewer")
    assert out["metadata"]["variant"] == "short"
    assert [asked.model for asked in models.asked] == ["tiny", "tiny"]


def test_a_variant_shares_no_cached_draft_with_the_others(start: Start) -> None:
    models = ScriptedModels(COMMENT, OTHER)
    other_model = {"short": Variant(share=100, primary_model="tiny")}
    start(models, variants=NOBODY).say(UPDATE)
    out = start(models, variants=other_model, thread="t-2").say(UPDATE)
    assert out["from_cache"] is False
    again = start(models, variants=other_model, thread="t-3").say(UPDATE)
    assert (again["from_cache"], again["metadata"]["variant"]) == (True, "short")


def test_a_prompt_edited_in_studio_is_stronger(start: Start) -> None:
    models = ScriptedModels(COMMENT)
    start(models, variants=ALL).say(UPDATE, comment_prompt="Edited by hand.")
    assert models.asked[0].messages[0] == ("system", "Edited by hand.")
