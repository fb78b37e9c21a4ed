"""Who may speak in a conversation and answer its draft, as the graph itself sees to it."""

from typing import Any

import pytest
from langgraph.types import Command

from nodes.jira_assistant.rights import LEFT_BEHIND, NOT_YOURS, answered_by, projects_of, why_not
from services.errors import NotAllowed
from services.identity import DEVELOPER, Identity
from services.settings import Settings
from services.steps import run
from tests.fakes import ScriptedModels
from tests.graph.conftest import Conversation, Start

UPDATE = "fixed button bug on PAY-12, tested staging"
ANN = Identity("ann", "acme")
REVIEWER = Identity("bo", "acme", frozenset({"user", "reviewer"}))
OF_OPS = Identity("cy", "acme", frozenset({"user", "reviewer"}), frozenset({"OPS"}))
OTHER_USER = Identity("dan", "acme")
OTHER_TENANT = Identity("ann", "evil", frozenset({"user", "reviewer", "operator"}))


class SignedIn:
    """One person in a conversation, through the door."""

    def __init__(self, talk: Conversation, identity: Identity) -> None:
        self.talk, self.identity = talk, identity

    @property
    def config(self) -> Any:
        return {
            "configurable": {
                **self.talk.config["configurable"],
                "langgraph_auth_user": self.identity.as_user(),
            }
        }

    def give(self, given: Any, **context: Any) -> dict[str, Any]:
        speaker: Any = context or None
        out: dict[str, Any] = self.talk.assistant.invoke(given, self.config, context=speaker)
        return out

    def say(self, message: str, **context: Any) -> dict[str, Any]:
        return self.give({"message": message}, **context)

    def answer(self, reply: Any) -> dict[str, Any]:
        return self.give(self.reply(reply))

    def reply(self, reply: Any) -> Command[Any]:
        [waits] = self.talk.assistant.get_state(self.talk.config).interrupts
        return Command(resume={waits.id: answered_by(self.identity, reply)})

    def cut_off(self, given: Any, after: str) -> None:
        """A run that ends, as if its process did, once a step is done."""
        running = self.talk.assistant.stream(given, self.config, stream_mode="updates", durability="sync")
        for update in running:
            if after in update:
                break
        running.close()  # type: ignore[attr-defined]


def status(talk: Conversation) -> str:
    pending = talk.assistant.get_state(talk.config).values["pending_approval"]
    return str(run(talk.services.ledger.get(pending["action_id"]))["status"])


def test_the_identity_counts_whatever_the_context_claims(start: Start) -> None:
    talk = start()
    ann = SignedIn(talk, ANN)
    ann.say(UPDATE, user_id="bo", tenant="evil")
    [row] = run(talk.services.ledger.pending())
    assert (row["tenant"], row["user_id"]) == ("acme", "ann")
    assert ann.answer("yes")["decision"]["by"] == "ann"


def test_nobody_chooses_the_plan_that_pays_for_them(start: Start) -> None:
    models = ScriptedModels("Fixed the button bug on PAY-12 and tested staging.")
    SignedIn(start(models, plan_by_tenant={"acme": "lite"}), ANN).say(UPDATE, plan="business")
    assert [request.plan for request in models.asked] == ["lite"]


def test_who_is_not_authenticated_is_believed_as_in_development(start: Start) -> None:
    talk = start()
    config: Any = {
        "configurable": {**talk.config["configurable"], "langgraph_auth_user": DEVELOPER.as_user()}
    }
    speaker: Any = {"user_id": "u9"}
    talk.assistant.invoke({"message": UPDATE}, config, context=speaker)
    assert run(talk.services.ledger.pending())[0]["user_id"] == "u9"


def test_a_reviewer_of_the_tenant_decides_and_is_named(start: Start) -> None:
    talk = start()
    SignedIn(talk, ANN).say(UPDATE)
    out = SignedIn(talk, REVIEWER).answer("yes")
    assert (out["executed"], out["decision"]["by"]) == (True, "bo")


@pytest.mark.parametrize("stranger", [OTHER_USER, OTHER_TENANT, OF_OPS])
@pytest.mark.parametrize("reply", ["yes", "no", "make it shorter", {"type": "accept"}])
def test_a_stranger_decides_nothing_and_the_draft_waits_on(
    start: Start, stranger: Identity, reply: Any
) -> None:
    talk = start()
    SignedIn(talk, ANN).say(UPDATE)
    for _ in range(6):  # more often than unusable replies are taken
        out = SignedIn(talk, stranger).answer(reply)
        assert (out["error"], out["error_message"]) == ("not_allowed", NOT_YOURS)
        assert status(talk) == "prepared"
    assert SignedIn(talk, ANN).answer("yes")["executed"] is True


@pytest.mark.parametrize("stranger", [OTHER_USER, OTHER_TENANT, OF_OPS, REVIEWER])
@pytest.mark.parametrize("given", [{"message": "hello"}, {"message": ""}, {"messages": [("user", "hello")]}])
def test_nobody_else_speaks_in_a_conversation(start: Start, stranger: Identity, given: Any) -> None:
    talk = start()
    SignedIn(talk, ANN).say(UPDATE)
    with pytest.raises(NotAllowed):
        SignedIn(talk, stranger).give(given)
    assert status(talk) == "prepared"


@pytest.mark.parametrize("given", [{"reply": "yes"}, {"message": "yes"}, {"messages": [("user", "yes")]}])
def test_an_answer_in_words_is_taken_from_reviewers_only(start: Start, given: Any) -> None:
    talk = start()
    SignedIn(talk, ANN).say(UPDATE)
    for stranger in (OTHER_USER, OTHER_TENANT, OF_OPS):
        with pytest.raises(NotAllowed):
            SignedIn(talk, stranger).give(given)
    assert SignedIn(talk, REVIEWER).give(given)["decision"]["by"] == "bo"


def test_a_conversation_stays_its_authors_after_a_refused_message(start: Start) -> None:
    talk = start()
    SignedIn(talk, ANN).say("")
    with pytest.raises(NotAllowed):
        SignedIn(talk, OTHER_USER).say("hello")
    assert SignedIn(talk, ANN).say("hello")["success"] is True


@pytest.mark.parametrize("then", ["no", "yes"])
def test_an_answer_left_behind_by_a_run_that_was_cut_off_is_nobody_elses(start: Start, then: str) -> None:
    """LangGraph keeps such an answer, and would give it in place of the next one."""
    talk = start(approvers={"*": {"approvers": ["anna"]}})
    SignedIn(talk, ANN).say(UPDATE)
    bo = SignedIn(talk, REVIEWER)
    bo.cut_off(bo.reply("yes"), after="approve")
    assert talk.assistant.get_state(talk.config).next == ("decide",)
    anna = SignedIn(talk, Identity("anna", "acme", frozenset({"reviewer"})))
    first = anna.give(Command(resume=answered_by(anna.identity, then)))
    assert first["error_message"] == LEFT_BEHIND
    assert status(talk) == "prepared"
    assert anna.answer(then)["executed"] is (then == "yes")


RULES: Any = {"PAY": {"approvers": ["anna"], "self_approval": False}, "*": {"self_approval": True}}


def test_the_approvers_of_a_project_are_asked_and_others_are_not_counted(start: Start) -> None:
    talk = start(approvers=RULES, approval_policy={"post_jira_comment": "auto"})
    assert SignedIn(talk, ANN).say(UPDATE)["requires_user_approval"] is True
    for who in (ANN, REVIEWER):
        out = SignedIn(talk, who).answer("yes")
        assert (out["error"], status(talk)) == ("not_allowed", "prepared")
        assert out["pending_approval"]["unusable_replies"] == 0
    anna = Identity("anna", "acme", frozenset({"reviewer"}))
    assert SignedIn(talk, anna).answer("yes")["decision"]["by"] == "anna"


def test_an_edit_cannot_move_a_draft_to_a_project_with_other_approvers(start: Start) -> None:
    talk = start(approvers=RULES)
    SignedIn(talk, ANN).say(UPDATE.replace("PAY-12", "OPS-1"))
    for key in ("PAY-7", "pay-7", " Pay-7 ", "PAY-7,OPS-1", "10023"):
        args = {"issue_key": key, "comment": "Fixed the button bug on PAY-12."}
        edit = {"type": "edit", "args": {"action": "post_jira_comment", "args": args}}
        out = SignedIn(talk, ANN).answer(edit)
        assert (out["error"], status(talk)) == ("not_allowed", "prepared"), key
    assert SignedIn(talk, ANN).answer("yes")["decision"]["by"] == "ann"


def test_where_nobody_approves_their_own_drafts_they_may_still_change_and_discard_them(start: Start) -> None:
    talk = start(self_approval=False)
    ann = SignedIn(talk, ANN)
    ann.say(UPDATE)
    assert ann.answer("yes")["error"] == "not_allowed"
    assert ann.answer("make it shorter")["error"] is None
    assert ann.answer("no")["decision"]["verb"] == "reject"


@pytest.mark.parametrize(
    ("actor", "author", "verb", "projects", "may"),
    [
        ("anna", "ann", "accept", {"PAY"}, True),
        ("bo", "ann", "accept", {"PAY"}, False),
        ("bo", "ann", "reject", {"PAY"}, False),
        ("ann", "ann", "reject", {"PAY"}, True),
        ("ann", "ann", "accept", {"PAY"}, False),
        ("anna", "anna", "edit", {"PAY"}, False),
        ("ann", "ann", "accept", {"OPS"}, True),
        ("bo", "ann", "accept", {"OPS", "PAY"}, False),
        ("bo", "ann", "accept", {"?"}, False),
        ("anna", "ann", "accept", {"?"}, True),
        ("ann", "ann", "accept", set(), True),
    ],
)
def test_the_rules_of_projects(actor: str, author: str, verb: str, projects: set[str], may: bool) -> None:
    settings = Settings(approvers=RULES)
    assert (why_not(settings, actor, author, verb, frozenset(projects)) is None) is may


def test_the_projects_of_an_action_are_those_of_its_issues_and_the_one_that_was_named() -> None:
    assert projects_of({"issue_keys": "PAY-1, ops-2"}, None) == {"PAY", "OPS"}
    assert projects_of({"issue_key": "10023"}, "pay") == {"?", "PAY"}
    assert projects_of({"to": "a@example.org"}, None) == frozenset()
