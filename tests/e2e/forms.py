"""Answers to the forms of Home Assistant's config flows, read from what the flow asks, not hard-coded."""

from typing import Any


def fill_form(schema: list[dict[str, Any]], answers: dict[str, Any]) -> dict[str, Any]:
    """The input for a config flow's form: ``answers`` by field name, for the rest what the form itself suggests.

    ``schema`` is the ``data_schema`` that the flow returned; sections become nested objects.
    """
    filled: dict[str, Any] = {}
    for form_field in schema:
        name = form_field["name"]
        value = fill_form(form_field["schema"], answers) if "schema" in form_field else answers.get(name)
        if value is None:
            value = suggestion(form_field)
        if value is not None:
            filled[name] = value
    return filled


def suggestion(form_field: dict[str, Any]) -> Any:
    """What a person would leave in a field: its default, or for a required one off or the first choice."""
    if "default" in form_field or not form_field.get("required"):
        return form_field.get("default")
    match form_field["selector"]:
        case {"boolean": _}:
            return False
        case {"select": {"options": [first, *_]}}:
            return first["value"] if isinstance(first, dict) else first
    raise AssertionError(f"the form asks for something that the test has no answer to: {form_field}")
