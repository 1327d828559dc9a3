"""The OpenAPI document: what FastAPI writes, finished by what it can't know."""
