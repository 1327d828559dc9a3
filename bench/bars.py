"""Draws one bar chart; what to draw comes as JSON on standard input."""

import json
import sys

import matplotlib as mpl
from matplotlib import pyplot as plt

figure = json.load(sys.stdin)
mpl.use("svg")
plt.rcParams |= {"svg.hashsalt": figure["title"], "font.size": 9, "svg.fonttype": "none"}
names, values = list(figure["values"]), list(figure["values"].values())
canvas, axes = plt.subplots(figsize=(7, 0.6 + 0.36 * len(names)), layout="constrained")
axes.bar_label(
    axes.barh(names, values, color=["#c2410c" if "AzScraper" in name else "#94a3b8" for name in names]),
    fmt="{:,.1f}",
    padding=4,
)
axes.invert_yaxis()
axes.set_title(figure["title"], loc="left")
axes.set_xlabel(figure["unit"])
axes.spines[["top", "right"]].set_visible(False)
axes.margins(x=0.12)
canvas.savefig(figure["path"], metadata={"Date": None})
