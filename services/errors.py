"""Every error this project raises on purpose.

    AssistantError                 code, message: what was being done, to what, what to do next
    ├── ConfigurationError         a setting is wrong or missing
    ├── StorageError               storage_unavailable
    │   ├── StorageUnavailable     storage_unavailable (Transient): Redis did not answer
    │   └── StorageDamaged         storage_unavailable: Redis answered with what we cannot read
    ├── ModelError                 api_error: the model answered with nothing usable
    │   ├── ModelTimeout           timeout (Transient)
    │   ├── ModelUnavailable       api_error (Transient): connection, 408, 409, 429, 5xx
    │   ├── ModelRejected          api_error: our request was refused (400, 401, 403, 404)
    │   ├── ModelAnswerUnusable    api_error: truncated, refused, empty or not in the schema
    │   ├── CircuitOpen            circuit_open, with retry_after_s
    │   ├── CostLimitReached       cost_limit_reached, with current_cost, max_cost, resets_at
    │   │   └── TokensSpent        rate_limited, with retry_after_s: MAX_TOKENS_PER_HOUR is used up
    │   └── BudgetUnavailable      storage_unavailable: spending cannot be recorded, so nothing is spent
    ├── RateLimited                rate_limited, with retry_after_s
    ├── NotSignedIn                not_signed_in: no credential, or one that is not valid
    ├── SignInUnavailable          sign_in_unavailable (Transient): nobody can be recognised right now
    ├── NotAllowed                 not_allowed: this is not theirs to do
    ├── ActionError                an action on the ledger cannot go on
    │   ├── InvalidDecision        invalid_decision: an unusable reply to an approval
    │   ├── ActionNotFound         the ledger has no such action
    │   ├── ActionConflict         the action is in another state than the step needs
    │   │   └── TargetChanged      what it would change is not as the reviewer saw it: ask again
    │   ├── ActionFailed           the receiver refused it; the message names the step
    │   │   └── ReceiverUnavailable  (Transient): nothing was done, with retry_after_s where it said so
    │   └── OutcomeUnknown         the receiver may have carried it out; never repeat it blindly
    └── InputError                 empty_input, missing_context, input_too_long, secret_in_input

`Transient` marks what may go better a moment later: retries name it and nothing else.
"""

from typing import Any, ClassVar


class AssistantError(Exception):
    """`code` is stable and one of the `error` values of a Result; `details` are its extra fields.

    No secret gets into a message, whoever is quoted. What is personal may: whom a mail server refused."""

    code: ClassVar[str] = "api_error"

    def __init__(self, message: str, **details: Any) -> None:
        from services.sensitive import without_secrets  # slow to import, and most commands meet no error

        self.message = without_secrets(message)
        super().__init__(self.message)
        self.details = details


class Transient:
    """Mixed into errors after which the same call may succeed."""


class ConfigurationError(AssistantError):
    code = "configuration_error"


class StorageError(AssistantError):
    code = "storage_unavailable"


class StorageUnavailable(StorageError, Transient):
    pass


class StorageDamaged(StorageError):
    pass


class ModelError(AssistantError):
    code = "api_error"


class ModelTimeout(ModelError, Transient):
    code = "timeout"


class ModelUnavailable(ModelError, Transient):
    """`details["retry_after_s"]` is the least wait the provider asked for, where it did."""


class ModelRejected(ModelError):
    pass


class ModelAnswerUnusable(ModelError):
    pass


class CircuitOpen(ModelError):
    code = "circuit_open"


class CostLimitReached(ModelError):
    code = "cost_limit_reached"


class TokensSpent(CostLimitReached):
    code = "rate_limited"


class BudgetUnavailable(ModelError):
    code = "storage_unavailable"


class RateLimited(AssistantError):
    code = "rate_limited"


class NotSignedIn(AssistantError):
    code = "not_signed_in"


class SignInUnavailable(AssistantError, Transient):
    code = "sign_in_unavailable"


class NotAllowed(AssistantError):
    code = "not_allowed"


class ActionError(AssistantError):
    code = "action_error"


class InvalidDecision(ActionError):
    code = "invalid_decision"


class ActionNotFound(ActionError):
    code = "action_not_found"


class ActionConflict(ActionError):
    code = "action_conflict"


class TargetChanged(ActionConflict):
    code = "target_changed"


class ActionFailed(ActionError):
    code = "action_failed"


class ReceiverUnavailable(ActionFailed, Transient):
    """Nothing was done. `details["retry_after_s"]` is the least wait the receiver asked for, where it did."""


class OutcomeUnknown(ActionError):
    code = "outcome_unknown"


class InputError(AssistantError):
    """`code` differs by instance here: one check at the door, several names for what it found."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message, **details)
        self.input_code = code
