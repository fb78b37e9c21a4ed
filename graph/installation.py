"""The composition root: settings become services, services become graphs. Only here are clients built."""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from langchain_core.callbacks import BaseCallbackHandler
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph.state import CompiledStateGraph
from langgraph.store.base import BaseStore
from langsmith.utils import tracing_is_enabled

import prompts
from graph.jira_assistant import build
from nodes.jira_assistant.state import Context
from services import Connector, Metrics, Reminder, Services, WorkFigures
from services.access_keys import AccessKeys
from services.cache import RedisCache
from services.checkpoint import RedisSaver
from services.embedded import open_embedded
from services.errors import ConfigurationError
from services.http import Http
from services.jira import Jira
from services.jira_actions import MarkTaskComplete, PostJiraComment
from services.jira_figures import JiraFigures
from services.jira_flavours import open_jira
from services.ledger import RedisLedger
from services.limits import Limiter
from services.llm import Gateway, open_models
from services.mail import SendEmail, open_mail
from services.metrics_store import RedisMetrics
from services.redis_client import RedisClient
from services.redis_cluster import open_redis
from services.reminders import MailReminder, WebhookReminder
from services.runs import Runs
from services.settings import Settings
from services.similar import RedisSimilar, StaticEmbedder
from services.store import RedisStore

if TYPE_CHECKING:
    from services.identity_tokens import IdentityTokens

Assistant = CompiledStateGraph[Any, Context, Any, Any]
_DURABILITY = "__pregel_durability"  # what langgraph 1.2 reads where a call names no durability


class _Client(Protocol):
    async def aclose(self) -> None: ...


@dataclass(frozen=True)
class Installation:
    """Everything that was opened, to be closed together."""

    settings: Settings
    redis: RedisClient
    services: Services
    keys: AccessKeys
    tokens: "IdentityTokens | None"  # None: there is no identity provider
    models: Gateway  # as in services, with the states that only an operator asks for
    metrics: RedisMetrics  # as in services, with what was counted so far
    saver: BaseCheckpointSaver[str]
    store: BaseStore
    opened: ExitStack
    clients: list[_Client]  # whose connections belong to the event loop that used them
    tracers: list[BaseCallbackHandler]  # told of every run

    def compiled(self, *, with_saver: bool) -> Assistant:
        """The graph, with its own saver for library use and without one for the server."""
        graph = build(self.services).compile(name="jira_assistant")
        if with_saver:
            graph = compile_graph(self.services, self.saver, self.store)
        return graph.with_config(callbacks=self.tracers)

    def close(self) -> None:
        self.opened.close()

    async def aclose(self) -> None:
        """As `close`, in the event loop that used it."""
        for client in self.clients:
            await client.aclose()
        await asyncio.to_thread(self.close)  # leaving the embedded server waits for it


def compile_graph(
    services: Services, saver: BaseCheckpointSaver[str], store: BaseStore | None = None
) -> Assistant:
    """The graph on a saver, kept once a run and not once a step, which takes a tenth of the commands.

    A run that dies half-way is then run again from its start. What is lost is work, never an effect: before
    an approval nothing is done outside, and of a run that acts the thread may only lag behind the ledger. If
    it dies between the effect and its checkpoint, the thread still asks; answered again it takes the result
    that the ledger has, and unanswered the sweeper ends what was left. Keeping each step (`sync`) would not
    narrow that gap: LangGraph keeps a step after its effect. So the run that acts is kept like all others.
    """
    compiled = build(services).compile(checkpointer=saver, store=store, name="jira_assistant")
    return compiled.with_config({"configurable": {_DURABILITY: "exit"}})


def open_installation(settings: Settings) -> Installation:
    """Connects to `redis_url`, or to the embedded server of `data_dir`, which is started where none runs."""
    _check_variants(settings)
    with ExitStack() as opening:
        url = settings.redis_url
        if url is None:
            embedded = open_embedded(settings.data_dir.expanduser())
            opening.callback(embedded.close)
            url = embedded.url
        redis = open_redis(
            url, timeout_seconds=settings.redis_timeout_seconds, replicas=settings.redis_replicas
        )
        opening.callback(redis.close)
        metrics = RedisMetrics(redis)
        opening.callback(metrics.close)
        models = open_models(settings, redis, metrics)
        opening.callback(models.close)
        connectors, work, jira = _receivers(settings, metrics)
        webhook = WebhookReminder(settings.reminder_webhook_url) if settings.reminder_webhook_url else None
        provider = _identity_provider(settings)
        clients: list[_Client] = [client for client in (redis, models, jira, webhook, provider) if client]
        for client in (jira, webhook, provider):
            if client is not None:
                opening.callback(client.close)
        services = Services(
            settings=settings,
            models=models,
            cache=RedisCache(redis),
            ledger=RedisLedger(redis, metrics),
            connectors=connectors,
            limits=Limiter(settings, redis),
            work=work,
            similar=RedisSimilar(redis, StaticEmbedder()) if settings.semantic_cache_enabled else None,
            reminders=_reminders(settings, connectors, webhook),
            metrics=metrics,
        )
        key = settings.state_signing_key
        saver = RedisSaver(
            redis,
            ttl_seconds=settings.thread_ttl_days * 86_400,
            signing_key=key.get_secret_value().encode() if key else None,
        )
        return Installation(
            settings=settings,
            redis=redis,
            services=services,
            keys=AccessKeys(redis),
            tokens=_identity_tokens(settings, provider),
            models=models,
            metrics=metrics,
            saver=saver,
            store=RedisStore(redis),
            tracers=_tracers(settings, opening),
            opened=opening.pop_all(),
            clients=clients,
        )


def _identity_provider(settings: Settings) -> Http | None:
    url = settings.auth_jwks_url
    return Http(url, name="the identity provider", seconds=5.0) if url else None


def _identity_tokens(settings: Settings, provider: Http | None) -> "IdentityTokens | None":
    if provider is None:
        return None
    from services.identity_tokens import IdentityTokens  # what it needs comes with the extra `serve`

    return IdentityTokens(settings, provider)


def _tracers(settings: Settings, opening: ExitStack) -> list[BaseCallbackHandler]:
    """Those of OpenTelemetry do nothing where nobody set it up; LangSmith's is not even imported when off.

    Tracing that the host of the library turns on later by code goes to LangSmith as LangChain sends it.
    """
    if not (settings.langsmith_tracing or tracing_is_enabled()):
        return [Runs()]
    from services import langsmith_runs

    tracer = langsmith_runs.open_tracer(settings)
    opening.callback(langsmith_runs.close, tracer)
    return [Runs(), tracer]


def _check_variants(settings: Settings) -> None:
    """A prompt that cannot be rendered is refused now, not when the first user of its share speaks."""
    for name, variant in settings.variants.items():
        for prompt, text in variant.prompts.items():
            try:
                prompts.render(f"jira_assistant/{prompt}", template=text, min_words=1, max_words=2)
            except prompts.PromptError as error:
                raise ConfigurationError(f"The variant {name} of VARIANTS is not usable: {error}") from error


def _receivers(
    settings: Settings, metrics: Metrics
) -> tuple[dict[str, Connector], WorkFigures | None, Jira | None]:
    """Who carries which action out; an action without a receiver is handed to the caller."""
    connectors: dict[str, Connector] = {}
    jira, mail = open_jira(settings, metrics), open_mail(settings)
    if jira is not None:
        connectors["post_jira_comment"] = PostJiraComment(jira, public=settings.jira_comments_public)
        connectors["mark_task_complete"] = MarkTaskComplete(
            jira, done_status=settings.jira_done_status_by_project
        )
    if mail is not None:
        connectors["send_email"] = mail
    return connectors, JiraFigures(jira) if jira else None, jira


def _reminders(
    settings: Settings, connectors: dict[str, Connector], webhook: WebhookReminder | None
) -> list[Reminder]:
    reminders: list[Reminder] = [webhook] if webhook else []
    mail = connectors.get("send_email")
    if settings.reminder_email and isinstance(mail, SendEmail):
        reminders.append(MailReminder(mail, settings.reminder_email))
    return reminders
