"""Which HTTP status an error of ours has, for pages and JSON routes alike."""

STATUS_OF = {
    "empty_input": 422,
    "missing_context": 422,
    "input_too_long": 422,
    "invalid_decision": 422,
    "not_signed_in": 401,
    "not_allowed": 403,
    "action_not_found": 404,
    "action_conflict": 409,
    "target_changed": 409,
    "rate_limited": 429,
    "cost_limit_reached": 429,
    "storage_unavailable": 503,
    "sign_in_unavailable": 503,
    "circuit_open": 503,
    "timeout": 504,
}
_RECEIVER_OR_MODEL_FAILED = 502


def status_of(error: str | None) -> int:
    """200 for none; what is not named was done wrong by a model or a receiver behind us."""
    return STATUS_OF.get(error, _RECEIVER_OR_MODEL_FAILED) if error else 200


def headers_of(details: dict[str, object]) -> dict[str, str]:
    """Retry-After, where the error says when."""
    wait = details.get("retry_after_s")
    return {"Retry-After": str(max(1, round(wait)))} if isinstance(wait, int | float) else {}
