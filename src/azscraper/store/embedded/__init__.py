"""The PostgreSQL that comes with the package: its programs, its folder, who runs it, and the server itself."""
