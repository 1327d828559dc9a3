"""The docs site: `make site` builds it to build/site, warnings as errors."""

project = "AzScraper"
author = "The AzScraper authors"
project_copyright = "the AzScraper authors, Apache-2.0"
extensions = ["myst_parser"]
exclude_patterns = ["Thumbs.db"]
html_theme = "furo"
html_title = "AzScraper"
html_show_sourcelink = False
html_copy_source = False
myst_heading_anchors = 3
myst_links_external_new_tab = False
suppress_warnings = [
    "myst.xref_missing"  # links to files beside docs/ (the changelog, sources) work where the Markdown itself is read
]
