"""The bodies of the HTTP API, once: ``web`` writes them, ``client`` reads them."""
