"""The scenario format as JSON Schema, for editors that complete and check while typing."""

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from scenarios.model import Scenario


def json_schema() -> dict[str, Any]:
    """The schema of a scenario file in YAML; what it cannot say (does that unit exist?) the validation checks."""
    schema = Scenario.model_json_schema(by_alias=True, mode="validation", schema_generator=_AsWritten)
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        **schema,
        "title": "Geladi scenario, format 1",
        "description": "The script of an exercise: who takes part, and what is sent to whom, when.",
    }


def schema_text() -> str:
    """The schema as it stands in a file."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


class _AsWritten(GenerateJsonSchema):
    """Says what may stand in a file: a key that is left out has no value, not the value null."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default") in (None, (), {}):
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic asks this, with a private type
        return False
