"""Reads one value out of nested JSON whose shape nobody promises."""


def dig(value: object, *path: str | int) -> object:
    """What is at a path of keys and places; None where any step of it is missing or of another shape. Never raises."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value
