"""Tools to read any page: the tree, ordered sources, values, dates, guards. Bytes in, values out; no clock, no network."""
