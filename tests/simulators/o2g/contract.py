"""What the reference says of each operation, event and representation, and whether an answer keeps to it.

`contract.json` holds the facts of the O2G 2.7.4 reference (statuses, representations, parameters, licences) without its
words. Where the reference's own file lies beside the checkout, or TOUCHLINE_O2G_SPEC names it, a test compares the two;
`python -m tests.simulators.o2g.contract` takes the facts over anew.
"""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

STORED = Path(__file__).parent / "contract.json"
ROOT = Path(__file__).resolve().parents[3]
PREFIX = "/api/rest/1.0"
METHODS = ("get", "post", "put", "delete")
Json = dict[str, Any]


def reference() -> Path:
    """Tell where the reference's file is, or would be."""
    return Path(os.environ.get("TOUCHLINE_O2G_SPEC") or ROOT.parent / "shared" / "o2g" / "openapi.json")


def condense(spec: Json) -> Json:
    """Take the facts from the reference's file."""
    paths = {
        path: {method: _operation(item[method]) for method in METHODS if method in item}
        for path, item in spec["paths"].items()
    }
    schemas = {name: _schema(schema) for name, schema in spec["components"]["schemas"].items()}
    return {
        "openapi": spec["openapi"],
        "info": {"title": "O2G", "version": spec["info"]["version"]},
        "paths": paths,
        "components": {"schemas": schemas},
        "x-event-packages": spec["x-event-packages"],
    }


def _operation(row: Json) -> Json:
    taken: Json = {
        "operationId": row["operationId"],
        "tags": row["tags"],
        "x-licence-capex": row["x-licence-capex"],
        "parameters": [
            {"name": p["name"], "in": p["in"], "required": p.get("required", False), "schema": _schema(p["schema"])}
            for p in row.get("parameters", [])
        ],
        "responses": {
            status: {"description": status, **({"content": _content(answer["content"])} if "content" in answer else {})}
            for status, answer in row["responses"].items()
        },
    }
    if "requestBody" in row:
        body = row["requestBody"]
        taken["requestBody"] = {"required": body.get("required", False), "content": _content(body["content"])}
    return taken


def _content(content: Json) -> Json:
    return {kind: {"schema": _schema(row["schema"])} for kind, row in content.items() if "schema" in row}


def _schema(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_schema(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _schema(inner) for name, inner in value.items()} if key == "properties" else _schema(value)
        for key, value in schema.items()
        if key != "description"
    }


@cache
def contract() -> Json:
    """Read the facts."""
    facts: Json = json.loads(STORED.read_text(encoding="utf-8"))
    return facts


@cache
def operations() -> list[tuple[str, str]]:
    """List each operation as (method, path)."""
    return [(method.upper(), path) for path, item in contract()["paths"].items() for method in item]


def parameters(method: str, path: str) -> list[Json]:
    """Give the parameters of an operation's path and query."""
    found: list[Json] = contract()["paths"][path][method.lower()]["parameters"]
    return found


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    def pattern(path: str) -> re.Pattern[str]:
        # The path of instances names objects of any depth in what is written as one variable (A106).
        steps = ("(.+)" if "objectNameobjectId" in s else "([^/]+)" if s[:1] == "{" else re.escape(s)
                 for s in path.split("/"))  # fmt: skip
        return re.compile("/".join(steps), re.IGNORECASE)

    return [(pattern(path), path) for path in sorted(contract()["paths"], key=lambda path: path.count("{"))]


def operation_of(method: str, raw_path: str) -> tuple[str, str] | None:
    """Tell which operation a request was for; None where the reference knows none."""
    path = raw_path.removeprefix(PREFIX) if raw_path.startswith(PREFIX) else raw_path.removeprefix("/api/rest")
    for pattern, template in _patterns():
        if pattern.fullmatch(path.rstrip("/")) and method.lower() in contract()["paths"][template]:
            return method, template
    return None


@cache
def _registry() -> Registry[Any]:
    made: Registry[Any] = Registry().with_resource("urn:o2g", DRAFT202012.create_resource(contract()))
    return made


@cache
def _validator(pointer: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"urn:o2g#{pointer}"}, registry=_registry())


def faults_of_event(event: Json) -> list[str]:
    """Tell how an event differs from its representation; an event of the channel itself has none."""
    name = event["eventName"]
    if name == "OnChannelInformation":
        return []
    if f"Event.{name}" not in contract()["components"]["schemas"]:
        return [f"the reference knows no event {name}"]
    return [_told(error) for error in _validator(f"/components/schemas/Event.{name}").iter_errors(event)]


def faults_of_answer(answer: httpx.Response) -> list[str]:
    """Tell how an answer differs from what the reference lists for its operation."""
    operation = operation_of(answer.request.method, answer.request.url.raw_path.decode().partition("?")[0])
    return [] if operation is None else faults_of(*operation, answer)


def faults_of(method: str, path: str, answer: httpx.Response) -> list[str]:
    """Tell how an answer differs from what the reference lists for that operation."""
    listed = contract()["paths"][path][method.lower()]["responses"]
    status = str(answer.status_code)
    if status == "206" and "200" in listed:  # a part of a message (B48)
        return []
    if status not in listed:
        return [f"status {status} is not one of {sorted(listed)}: {answer.text[:200]}"]
    kinds = listed[status].get("content", {})
    if "application/json" not in kinds:
        return [f"{status} has a body"] if status == "204" and answer.content else []
    if not answer.headers.get("Content-Type", "").startswith("application/json"):
        # Recordings are what they are; an empty body says "none" (B16, A21).
        return [] if answer.content[:4] == b"RIFF" or (status == "200" and not answer.content) else [
            f"{status} is {answer.headers.get('Content-Type')}"
        ]  # fmt: skip
    try:
        body = answer.json()
    except ValueError as error:
        return [f"the body is not JSON: {error}"]
    schema = ("paths", path, method.lower(), "responses", status, "content", "application/json", "schema")
    pointer = "".join("/" + part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
                      for part in schema)  # fmt: skip
    return [_told(error) for error in _validator(pointer).iter_errors(body)]


def _told(error: Any) -> str:
    return f"{'.'.join(str(part) for part in error.absolute_path) or 'body'}: {error.message[:200]}"


if __name__ == "__main__":
    facts = condense(json.loads(reference().read_text(encoding="utf-8")))
    STORED.write_text(json.dumps(facts, separators=(",", ":")) + "\n", encoding="utf-8")
