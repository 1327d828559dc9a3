"""Result lists, as a row for each tile and a summary for each page."""
