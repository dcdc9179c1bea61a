"""The official OCDS 1.1.5 schemas and tools, for the tests of what is exported. The schemas stand outside the project."""

from __future__ import annotations

import copy
import json
import warnings
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

import jsonschema
import ocdsmerge
import pytest
from ocdskit.schema import add_validation_properties
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tests.paths import SHARED

FOLDER = SHARED / "ocds"
THERE = FOLDER.is_dir()
needs_schemas = pytest.mark.skipif(not THERE, reason="the official OCDS schemas are not beside this project")

Json = dict[str, Any]
_TEXT = {"type": ["string", "null"]}
_STATUSES = ["planning", "planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn", None]
_LOT = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "title": _TEXT, "status": {**_TEXT, "enum": _STATUSES}},
}


@cache
def release_schema() -> Json:
    """The official release schema with what the lots extension adds, as far as we use it."""
    schema: Json = json.loads((FOLDER / "release-schema.json").read_text("utf-8"))
    definitions = schema["definitions"]
    definitions["Lot"] = _LOT
    definitions["Tender"]["properties"]["lots"] = {"type": "array", "items": {"$ref": "#/definitions/Lot"}}
    definitions["Item"]["properties"]["relatedLot"] = _TEXT
    definitions["Award"]["properties"]["relatedLots"] = {"type": ["array", "null"], "items": {"type": "string"}}
    return schema


@cache
def _validator() -> jsonschema.Draft4Validator:
    """Stricter than the schema itself: nothing empty, nothing twice in a list, no field that it does not know."""
    schema = copy.deepcopy(release_schema())
    _close(schema)
    add_validation_properties(schema)
    registry = Registry().with_resource(schema["id"], Resource.from_contents(schema, default_specification=DRAFT4))
    package = json.loads((FOLDER / "release-package-schema.json").read_text("utf-8"))
    # In the schemas as first published these are required.
    package["required"] = ["uri", "publisher", "publishedDate", "releases", "version"]
    _close(package)
    return jsonschema.Draft4Validator(package, registry=registry)


def _close(node: Any) -> None:
    if isinstance(node, dict):
        if "properties" in node:
            node.setdefault("additionalProperties", False)
        for below in node.values():
            _close(below)
    elif isinstance(node, list):
        for below in node:
            _close(below)


def faults(package: Json) -> list[str]:
    """What the official schema has against a package, at its strictest."""
    return [f"{list(error.absolute_path)}: {error.message}" for error in _validator().iter_errors(package)]


def compiled(releases: Iterable[Json]) -> dict[str, Json]:
    """The compiled release of each process; whatever the official merger warns of is an error."""
    by_process: dict[str, list[Json]] = defaultdict(list)
    for release in releases:
        by_process[release["ocid"]].append(release)
    merger = ocdsmerge.Merger(release_schema())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for found in by_process.values():
            merger.create_versioned_release(found)
        return {ocid: merger.create_compiled_release(found) for ocid, found in by_process.items()}
