"""In whose name receivers act: the assistant's own account, or the caller's where the call brings a token."""

from dataclasses import replace

from nodes.jira_assistant.state import Context
from nodes.step import Run
from services import Services
from services.errors import ActionFailed, ConfigurationError


def receivers(run: Run[Context]) -> Services:
    """The services, with connectors that use the token of who calls now. It lives as long as the run.

    Raises ActionFailed for what is no token.
    """
    token = run.caller.jira_token
    if token is None:
        return run.services
    try:
        acting = {name: known.acting_as(token) for name, known in run.services.connectors.items()}
    except ConfigurationError as error:
        raise ActionFailed(f"The jira_token of this call cannot be used: {error.message}") from error
    return replace(run.services, connectors=acting)
