"""Charts, drawn as SVG where the page is made: no script, and the same in a mail."""
