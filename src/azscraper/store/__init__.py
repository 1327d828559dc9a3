"""PostgreSQL, and what is built on it: the pool, the queue, the schema, the server that comes along. Nothing here knows a feature."""
