"""An assistant to be attacked: on a real Redis, with real connectors to a Jira on loopback."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from pydantic import SecretStr

from graph.installation import Assistant, compile_graph
from services import Models, Services
from services.cache import RedisCache
from services.checkpoint import RedisSaver
from services.http import Http
from services.jira import Credentials
from services.jira_actions import MarkTaskComplete, PostJiraComment
from services.jira_flavours import JiraDataCenter
from services.ledger import RedisLedger
from services.redis_client import RedisClient
from services.settings import Settings
from tests.fake_jira import FakeJira
from tests.fakes import NoLimits, RecordingConnector
from tests.loopback import serving
from tests.security.attempts import Attempt
from tests.servers import BINARIES, RedisServer

_AUTO: dict[str, Literal["ask", "auto"]] = {"post_jira_comment": "auto"}


@contextmanager
def world() -> Iterator["Range"]:
    """A Redis and a Jira of their own."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory())
        redis = RedisServer(str(BINARIES["valkey"]), Path(folder)).start()
        stack.callback(redis.kill)
        jira = FakeJira(cloud=False, tokens={"Bearer tok": "bot"})
        server = stack.enter_context(serving(jira))
        http = Http(server.url, name="Jira", seconds=5)
        stack.callback(http.close)
        yield Range(RedisClient(redis.url), jira, http)


class Range:
    """Where attempts are made: each on an empty Redis and two fresh issues."""

    def __init__(self, redis: RedisClient, jira: FakeJira, http: Http) -> None:
        self.jira = jira
        self._redis = redis
        self._connection = JiraDataCenter(http, Credentials(SecretStr("tok"), None), first_wait_s=0)
        self._saver = RedisSaver(redis)
        self.ledger = RedisLedger(redis)

    def assistant(self, attempt: Attempt, models: Models) -> tuple[Assistant, RecordingConnector]:
        """A new one, on a Jira as it was."""
        self._redis._sync_client().flushall()
        fresh = FakeJira(cloud=False, tokens=self.jira.tokens)
        for key in ("PAY-12", "OPS-666"):
            issue = fresh.world.add(key)
            if attempt.place == "jira":
                issue.summary = attempt.text
        self.jira.world = fresh.world
        mail = RecordingConnector()
        services = Services(
            settings=Settings(approval_policy=_AUTO if attempt.auto else {}),
            models=models,
            cache=RedisCache(self._redis),
            ledger=self.ledger,
            connectors={
                "post_jira_comment": PostJiraComment(self._connection),
                "mark_task_complete": MarkTaskComplete(self._connection),
                "send_email": mail,
            },
            limits=NoLimits(),
        )
        return compile_graph(services, self._saver), mail

    def done(self, mail: RecordingConnector) -> list[tuple[str, str]]:
        """All that was done outside: to whom or what, and what."""
        issues = self.jira.world.issues.items()
        comments = [(key, "comment") for key, issue in issues for _ in issue.comments]
        sent = [f"{args['to']}, {args['cc']}" for _, args in mail.performed]
        mails = [(one.strip(), "mail") for to in sent for one in to.split(",") if one.strip()]
        return [*comments, *((key, move) for key, move, _ in self.jira.world.moves), *mails]
