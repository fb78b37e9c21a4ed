"""Bugs that the limits, the cost cap, the breaker, the cache and the Redis client beneath may have."""

from tests.chaos.mutation import Mutant

_LIMITS, _COSTS, _CLIENT = "services/limits.py", "services/costs.py", "services/redis_client.py"
_BREAKER, _CACHE = "services/breaker.py", "services/cache.py"

MUTANTS = [
    Mutant(
        "one request too many",
        "a limit of one lets two through",
        _LIMITS,
        "whole[i] - period - now)",
        "whole[i] - period - now - period / requests)",
    ),
    Mutant(
        "users share one allowance",
        "one of them locks all others out",
        _LIMITS,
        "'surrogatepass')).hexdigest()[:32]}",
        "'surrogatepass')).hexdigest()[:0]}",
    ),
    Mutant(
        "a refused request takes",
        "who asks too often is never let in again",
        _LIMITS,
        "if wait > 0 then return math.ceil(wait) end\n",
        "",
    ),
    Mutant(
        "the cap is checked before what is asked for",
        "the last request passes it",
        _COSTS,
        "if limit >= 0 and used + amount > limit then",
        "if limit >= 0 and used > limit then",
    ),
    Mutant(
        "a repeated reservation counts again",
        "a lost answer costs the budget of a request",
        _COSTS,
        "if redis.call('EXISTS', KEYS[1]) == 1 then return {'ok', 0} end\n",
        "",
    ),
    Mutant(
        "a repeated settlement counts again",
        "the total sinks below what was spent",
        _COSTS,
        "if redis.call('GET', KEYS[1]) ~= 'reserved' then return 0 end\n",
        "",
    ),
    Mutant(
        "without Redis money is spent",
        "an outage has no cap",
        _COSTS,
        "            except StorageError as error:\n                raise BudgetUnavailable(",
        "            except StorageError as error:\n                if key:\n"
        "                    return Reservation(key, period.day, meters)\n"
        "                raise BudgetUnavailable(",
    ),
    Mutant(
        "money goes to the day of our own clock",
        "two processes have two caps at midnight",
        _COSTS,
        "if now < tonumber(ARGV[1]) or now >= tonumber(ARGV[2]) then return {'clock', now} end\n",
        "",
    ),
    Mutant(
        "settling adds to the reservation",
        "half of the budget cannot be used",
        _COSTS,
        'if meter.what in ("day", "tenant") else tokens) - meter.amount',
        'if meter.what in ("day", "tenant") else tokens)',
    ),
    Mutant(
        "every process probes",
        "a provider in trouble gets a request from each",
        _BREAKER,
        "open()\nredis.call('HSET', KEYS[1], 'probe', ARGV[2])",
        "redis.call('HSET', KEYS[1], 'probe', ARGV[2])",
    ),
    Mutant(
        "a late success closes the circuit",
        "what began before the outage hides it",
        _BREAKER,
        "if not until_ms or redis.call('HGET', KEYS[1], 'probe') == ARGV[2] then",
        "if true then",
    ),
    Mutant(
        "repeats have no budget",
        "an outage multiplies the requests",
        _BREAKER,
        "if retry then budget = budget - 1 end",
        "",
    ),
    Mutant(
        "everybody leads",
        "one question of many costs as often as it is asked",
        _CACHE,
        "'1', 'NX', 'PX', ARGV[1]",
        "'1', 'PX', ARGV[1]",
    ),
    Mutant(
        "users share what is kept",
        "one of them gets the draft of another",
        _CACHE,
        "_digest([tenant or '', user])",
        "_digest([tenant or ''])",
    ),
    Mutant(
        "commands of one change are sent one by one",
        "a crash in between leaves half of it",
        _CLIENT,
        "queued(client, commands, transaction=True)",
        "queued(client, commands, transaction=False)",
    ),
    Mutant(
        "commands are repeated",
        "a lost answer counts twice",
        _CLIENT,
        "retry=Retry(NoBackoff(), 0)",
        "retry=Retry(NoBackoff(), 3)",
    ),
    Mutant(
        "every call waits for a silent Redis",
        "an outage makes each request slow instead of refusing it",
        _CLIENT,
        "if (seconds := self._silence.lasts_s()) is not None:",
        "if (seconds := self._silence.lasts_s()) == -1:",
    ),
]
