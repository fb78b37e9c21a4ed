"""Cuts the small contract files of this folder out of the descriptions that Atlassian publishes.

    python tests/data/extract_contracts.py openapi swagger-v3.v3.json
    python tests/data/extract_contracts.py adf node_modules/@atlaskit/adf-schema/dist/json-schema/v1/full.json

Kept are the operations below with all they refer to; left out are examples and links, for size.
"""

import json
import sys
from pathlib import Path
from typing import Any

OPERATIONS = {
    "/rest/api/3/issue/{issueIdOrKey}": ["get"],
    "/rest/api/3/issue/{issueIdOrKey}/comment": ["get", "post"],
    "/rest/api/3/comment/list": ["post"],
    "/rest/api/3/issue/{issueIdOrKey}/transitions": ["get", "post"],
    "/rest/api/3/issue/{issueIdOrKey}/changelog": ["get"],
    "/rest/api/3/search/jql": ["post"],
    "/rest/api/3/status": ["get"],
    "/rest/api/3/myself": ["get"],
}
FOLDER = Path(__file__).parent


def referred(node: Any) -> set[str]:
    """The addresses of every $ref below `node`."""
    if isinstance(node, list):
        return set().union(*map(referred, node))
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own.union(*map(referred, node.values()))


def needed(roots: Any, schemas: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Those of `schemas` that `roots` refer to, directly or not."""
    found: dict[str, Any] = {}
    waiting = referred(roots)
    while waiting:
        name = waiting.pop().removeprefix(prefix)
        if name not in found:
            found[name] = schemas[name]
            waiting |= referred(schemas[name])
    return dict(sorted(found.items()))


def slim(node: Any) -> Any:
    if isinstance(node, list):
        return [slim(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {key: slim(value) for key, value in node.items() if key not in ("example", "examples", "xml")}


def openapi(source: Path) -> None:
    whole = json.loads(source.read_text())
    keys = ("operationId", "parameters", "requestBody", "responses")
    paths: dict[str, Any] = {}
    for path, verbs in OPERATIONS.items():
        operations = {verb: whole["paths"][path][verb] for verb in verbs}
        paths[path] = {verb: {key: op[key] for key in keys if key in op} for verb, op in operations.items()}
    prefix = "#/components/schemas/"
    schemas = needed(paths, whole["components"]["schemas"], prefix)
    head = {"openapi": whole["openapi"], "info": whole["info"], "paths": paths}
    write("jira-openapi-extract.json", slim({**head, "components": {"schemas": schemas}}))


def adf(source: Path) -> None:
    write("adf-schema.json", json.loads(source.read_text()))


def write(name: str, value: Any) -> None:
    (FOLDER / name).write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    {"openapi": openapi, "adf": adf}[sys.argv[1]](Path(sys.argv[2]))
