"""What a model is shown when there is more than a prompt may hold."""

from typing import Any

from tests.evals import long_texts
from tests.fakes import ScriptedModels
from tests.graph.conftest import Start

LOG = next(text for kind, text in long_texts.load() if kind == "application log")
UPDATE = "Worked on PAY-12: fixed the button, tested on staging, not deployed yet."
PASTED = f"{UPDATE} This is what the log says:\n{LOG}"
SHORTER = UPDATE.replace("the ", "")
DRAFT = "PAY-12: the button is fixed and tested on staging. It is not deployed yet."
TASK = {"intent": "task_update", "confidence": 0.95}
ROOM = {"max_input_length": 100_000, "max_tokens_per_hour": 1_000_000}


def shown(models: ScriptedModels, at: int = -1) -> tuple[str, str]:
    """The instructions and the question of a request."""
    (_, instructions), (_, question), *_ = models.asked[at].messages
    return instructions, question


def drafts(models: ScriptedModels) -> list[int]:
    return [at for at, asked in enumerate(models.asked) if asked.purpose == "primary"]


def models_for() -> ScriptedModels:
    """Classifies as an update, and drafts the same each time."""

    def answer(request: Any) -> Any:
        return TASK if request.schema is not None else DRAFT

    return ScriptedModels(*[answer] * 8)


def test_a_short_message_is_shown_as_it_is(start: Start) -> None:
    models = models_for()
    out = start(models).say(UPDATE)
    _, question = shown(models)
    assert question.count(UPDATE) == 1
    report = out["metadata"]["prompt_report"]["primary"]
    assert report["changed"] == []
    assert report["tokens_after"] == report["tokens_before"] < report["budget"] == 3000


def test_a_long_message_is_shortened_and_the_instructions_are_not(start: Start) -> None:
    short, long = models_for(), models_for()
    start(short, **ROOM).say(UPDATE)
    out = start(long, thread="t-2", **ROOM).say(PASTED)
    assert shown(long, drafts(long)[0])[0] == shown(short, drafts(short)[0])[0]
    question = shown(long, drafts(long)[0])[1]
    assert SHORTER in question
    assert len(question) < len(PASTED) * 0.6
    report = out["metadata"]["prompt_report"]["primary"]
    (change,) = report["changed"]
    assert (change["name"], change["how"]) == ("message", "compressed")
    assert change["tokens_after"] < change["tokens_before"] * 0.6
    assert out["original_input"] == PASTED


def test_secrets_in_lines_alike_are_masked_before_the_lines_are_folded(start: Start) -> None:
    """Folded, only the values stand there, and nothing says any more that they are passwords."""
    secrets = [f"Tr0ub4dor{number}xY" for number in range(5)]
    lines = [f"10:00:0{at} login with password={secret} refused" for at, secret in enumerate(secrets)]
    models = models_for()
    start(models, **ROOM).say("\n".join([PASTED, *lines]))
    assert "10:00:04" in shown(models)[1]
    for asked in models.asked:
        assert not [secret for secret in secrets for _, text in asked.messages if secret in text]


def test_what_is_known_of_the_speaker_gives_way_before_the_message_does(start: Start) -> None:
    models = models_for()
    out = start(models, max_prompt_tokens=500, **ROOM).say(
        PASTED, user_name="Ada Example", department="Payments", role="backend engineer " * 40
    )
    question = shown(models, drafts(models)[0])[1]
    assert "<context>" not in question
    assert SHORTER in question
    report = out["metadata"]["prompt_report"]["primary"]
    changes = {change["name"]: change["how"] for change in report["changed"]}
    assert changes == {"context": "dropped", "message": "compressed"}
    assert report["over"] > 0


def test_a_wish_is_kept_and_the_draft_it_is_about_too(start: Start) -> None:
    models = models_for()
    chat = start(models, **ROOM)
    chat.say(PASTED)
    out = chat.answer({"decisions": [{"type": "respond", "message": "say that QA has not seen it"}]})
    question = shown(models, drafts(models)[-1])[1]
    assert "<reviewer_wish>\nsay that QA has not seen it\n</reviewer_wish>" in question
    assert "<previous_draft>" in question
    assert "message" in {change["name"] for change in out["metadata"]["prompt_report"]["primary"]["changed"]}


def test_of_the_chat_the_oldest_is_left_out_first(start: Start) -> None:
    models = ScriptedModels(*[{"intent": "unclear", "confidence": 0.9}] * 20)
    chat = start(models, max_prompt_tokens=550, cache_enabled=False)
    for number in range(6):  # which no rule can place
        out = chat.say(f"banana {number}7 sideways, " + "hm, the one over there as well " * 8)
    assert "banana 57" in shown(models)[1]
    assert "banana 47" in shown(models)[1]
    changes = out["metadata"]["prompt_report"]["classification"]["changed"]
    assert changes[0]["name"] == "history 1"
    assert {change["how"] for change in changes} <= {"dropped", "cut"}
