"""Holds what goes to a Jira and comes back against Atlassian's own description (see tests/data/README.md)."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft4Validator
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from tests.loopback import Reply, Request

DATA = Path(__file__).parent / "data"


@cache
def _description() -> tuple[OpenAPI, dict[str, Any]]:
    raw = json.loads((DATA / "jira-openapi-extract.json").read_text())
    # Jira writes +0000, which the strict form of date-time has not
    config = Config(extra_format_validators={"date-time": lambda value: True})
    return OpenAPI.from_dict(raw, config=config), raw["paths"]


@cache
def adf_schema() -> Draft4Validator:
    return Draft4Validator(json.loads((DATA / "adf-schema.json").read_text()))


def check(request: Request, reply: Reply) -> None:
    """Raises for a request or a good answer that the description does not allow. Data Center's paths are
    held against the same operation of v3, where there is one."""
    openapi, paths = _description()
    path = request.path.replace("/rest/api/2/", "/rest/api/3/")
    patterns = {name: re.sub(r"\{\w+\}", "[^/]+", name) for name in paths}
    name = next((name for name, pattern in patterns.items() if re.fullmatch(pattern, path)), None)
    operation = paths.get(name, {}).get(request.method.lower()) if name else None
    if operation is None:
        if request.path.startswith("/rest/api/3/"):
            raise AssertionError(f"{request.line} is no operation of the description")
        return
    documented = {parameter["name"] for parameter in operation.get("parameters", [])}
    if unknown := request.query.keys() - documented:
        raise AssertionError(f"{request.line} has parameters that are not described: {unknown}")
    asked = MockRequest("http://jira", request.method, path, args=request.query, data=request.body or None)
    openapi.validate_request(asked)
    if (
        request.path.startswith("/rest/api/3/issue")
        and request.method == "POST"
        and path.endswith("/comment")
    ):
        adf_schema().validate(json.loads(request.body)["body"])
    status, _, body = reply
    if status < 400 and status != 204:  # described with a body, which a 204 cannot have
        openapi.validate_response(asked, MockResponse(body, status_code=status))
