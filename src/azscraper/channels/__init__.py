"""Where messages for people go: e-mail, and services that take them by a URL."""
