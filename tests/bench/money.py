"""What 1,000 messages cost: real prompts, counted; listed prices; the mix of routes of a labelled set."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver

from graph.installation import compile_graph
from nodes.jira_assistant.offline_comment import draft_comment
from nodes.jira_assistant.offline_email import draft_email
from services import ModelAnswer, ModelRequest, Purpose, Services
from services.ledger import RedisLedger
from services.prices import Prices
from services.providers import OPENAI_URL, Target
from services.redis_client import RedisClient
from services.replies import Tokens
from services.steps import Steps
from services.tokens import count_tokens
from tests.bench.assistants import config
from tests.bench.measure import Line, Section, valkey
from tests.evals.routing import load
from tests.evals.worlds import Defaults, NoCache
from tests.fakes import NoLimits

_MESSAGES, _SEED = 1000, 7
_REPEATED = 0.2
_ROUTES = {
    "backend_completion": "finished task",
    "backend_productivity": "figures",
    "llm_rephrasing": "comment",
    "llm_email": "e-mail",
    "llm_classification": "question back",
}
_SPEAKER: Any = {"user_id": "u1", "user_name": "Sam Poe", "approval_mode": "return"}


class _Billed:
    """Answers as a model that knows the label and drafts as the rules do, and writes down what that costs."""

    def __init__(self) -> None:
        self.settings = Defaults()
        self._prices = Prices(self.settings)
        self.intent, self.usd = "unclear", defaultdict[str, float](float)
        self.asked = Counter[str]()

    def available(self) -> bool:
        return True

    def name(self, purpose: Purpose) -> str:
        return {"primary": self.settings.primary_model}.get(purpose, self.settings.classification_model)

    def ask(self, request: ModelRequest[Any]) -> Steps[ModelAnswer[Any]]:
        said = request.messages[-1][1].rpartition("<message>")[2].partition("</message>")[0].strip()
        parsed, text = None, draft_comment(said)
        if request.purpose == "classification":
            assert request.schema
            parsed = request.schema(intent=self.intent, confidence=0.9, reason="What the message asks for.")
        elif request.schema:
            parsed = request.schema(**draft_email(said, {"user_name": "Sam Poe"}))
        written = parsed.model_dump_json() if parsed else text
        read = sum(count_tokens(turn) for _, turn in request.messages)
        read += count_tokens(str(request.schema.model_json_schema())) if request.schema else 0
        tokens = Tokens(read, count_tokens(written))
        target = Target("openai", self.name(request.purpose))
        usd = self._prices.of(target, OPENAI_URL, tokens).micro_usd / 1e6
        self.usd[request.purpose] += usd
        self.asked[request.purpose] += 1
        return ModelAnswer(text, parsed, target.model, tokens.input, tokens.output, usd)
        yield


def sections() -> Iterator[Section]:
    messages = random.Random(_SEED).choices(load(), k=_MESSAGES)
    models, routes = _Billed(), Counter[str]()
    costs = defaultdict[str, float](float)
    with valkey() as server:
        client = RedisClient(server.url)
        settings = models.settings.model_copy(update={"cache_enabled": False})
        services = Services(settings, models, NoCache(), RedisLedger(client), {}, NoLimits())
        compiled = compile_graph(services, InMemorySaver())
        for message in messages:
            meant = next((label for label in message.accept if label != "abstain"), "unclear")
            models.intent, before = meant, sum(models.usd.values())
            said = compiled.invoke({"message": message.text}, config(), context=_SPEAKER)
            route = "several actions" if said.get("parts") else _ROUTES[said["route_type"]]
            routes[route] += 1
            costs[route] += sum(models.usd.values()) - before
        client.close()
    lines = []
    for route, count in routes.most_common():
        lines.append(Line(route, "share", count / _MESSAGES * 100, "% of messages"))
        lines.append(Line(route, "cost", costs[route] / count * 1000, "USD for 1,000"))
    drafts, routing = models.usd["primary"], models.usd["classification"]
    each = routing / models.asked["classification"] * _MESSAGES
    per_1000 = 1000 / _MESSAGES
    for what, usd in (
        ("all by models: no rules, no cache", drafts + each),
        ("as it is: rules first", drafts + routing),
        (f"and {_REPEATED:.0%} repeated, from the cache", (drafts + routing) * (1 - _REPEATED)),
    ):
        lines.append(Line(what, "total", usd * per_1000, "USD for 1,000"))
    yield Section(
        "What 1,000 messages cost",
        lines,
        f"{_MESSAGES} messages drawn from the development set of routing (seed {_SEED}), which is made to be "
        f"hard: shares among your users differ. {models.name('primary')} drafts; "
        f"{models.name('classification')} is asked where rules abstain "
        f"({models.asked['classification']} times). Prompts are the real ones, tokens are estimated "
        "(services/tokens.py), answers are as long as the drafts of rules; prices are of genai-prices. "
        "Repairs are left out.",
    )
