"""Bugs that the ledger and carrying out may have."""

from tests.chaos.mutation import Mutant

_SCRIPTS, _LEDGER, _CARRY = "services/ledger_scripts.py", "services/ledger.py", "nodes/carry_out.py"

MUTANTS = [
    Mutant(
        "an approval of something else counts",
        "what is sent is not what was shown",
        _SCRIPTS,
        "elseif digest ~= '' and get('digest') ~= digest then",
        "elseif get('digest') == '' then",
    ),
    Mutant(
        "the last decision counts",
        "a rejection is overturned by a late click",
        _SCRIPTS,
        "by, args, new_digest)\n  if status ~= 'prepared' then return end",
        "by, args, new_digest)\n  if not status then return end",
    ),
    Mutant(
        "an expired draft can be approved",
        "something is sent that nobody wants any more",
        _SCRIPTS,
        "if now >= tonumber(get('expires_at')) then",
        "if now < 0 then",
    ),
    Mutant(
        "preparing again starts anew",
        "a copy of a thread asks again for what was decided",
        _SCRIPTS,
        "  if status then return end\n",
        "",
    ),
    Mutant(
        "a lease does not hold",
        "two processes send at the same time",
        _SCRIPTS,
        "if now < tonumber(get('lease_until')) then return 'busy' end",
        "",
    ),
    Mutant(
        "unapproved actions are carried out",
        "nobody is asked",
        _SCRIPTS,
        "if status ~= 'approved' and status ~= 'sending' then return 'not approved' end",
        "",
    ),
    Mutant(
        "an e-mail whose sender died is sent again",
        "it arrives twice",
        _SCRIPTS,
        "if repeatable ~= '1' then",
        "if repeatable == '' then",
    ),
    Mutant(
        "what is claimed need not be what was approved",
        "an edit after the approval is sent",
        _SCRIPTS,
        "if get('action') ~= action or get('digest') ~= digest then return 'digest' end",
        "",
    ),
    Mutant(
        "anybody settles",
        "a process that lost its lease overwrites the result of the one that has it",
        _SCRIPTS,
        " or get('owner') ~= owner then return end",
        " then return end",
    ),
    Mutant(
        "approved actions are not listed",
        "a process that dies after the approval loses the action",
        _SCRIPTS,
        "redis.call('ZADD', unfinished, stamp, id)",
        "redis.call('ZREM', unfinished, id)",
    ),
    Mutant(
        "a failed action counts as ended",
        "it is never tried again",
        _SCRIPTS,
        "if next_status ~= 'approved' then redis.call('ZREM', unfinished",
        "if true then redis.call('ZREM', unfinished",
    ),
    Mutant(
        "an edit keeps the old digest",
        "the edited text is refused as altered, or sent unseen",
        _SCRIPTS,
        "put('args', args, 'digest', new_digest)",
        "put('args', args)",
    ),
    Mutant(
        "what happened is not written down",
        "nobody can say who approved",
        _SCRIPTS,
        "  redis.call('XADD', history, '*', 'event', next_status, 'by', by, 'at', stamp, 'detail', detail)\n",
        "",
    ),
    Mutant(
        "a row changed by hand is sent",
        "whoever writes to Redis acts without approval",
        _LEDGER,
        'if digest_of(row["action"], row["args"]) != row["digest"]:',
        'if not row["digest"]:',
    ),
    Mutant(
        "an unknown outcome is a failure",
        "what may have been sent is sent again",
        _CARRY,
        'return "unknown" if isinstance(error, OutcomeUnknown) else "approved"',
        'return "approved"',
    ),
    Mutant(
        "a done action is carried out again",
        "each resume of a thread has its own effect",
        _CARRY,
        'if row["status"] != "sending":\n        return row',
        'if row["status"] == "unknown":\n        return row',
    ),
    Mutant(
        "steps go on after a refusal",
        "what could not be claimed counts as done",
        _SCRIPTS,
        "  if refused then return refused end\n",
        "",
    ),
]
