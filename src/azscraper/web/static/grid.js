// The table of products: arrows move, X chooses, Enter opens, / finds, Esc clears. Without this script its links and boxes work.
"use strict";

(() => {
  const list = document.getElementById("list");
  const grid = document.querySelector("[role=grid]");

  // Kept for the user: the next page comes as it was chosen.
  list?.addEventListener("change", ({ target }) => {
    if (target.name !== "density") return;
    list.classList.toggle("compact", target.value === "compact");
    htmx.trigger(target.form, "chosen");
  });
  if (!grid) return;

  const rows = [...grid.tBodies[0].rows];
  const bulk = document.getElementById("bulk");
  const all = document.getElementById("all");
  const box = (row) => row.querySelector("input[type=checkbox]");
  let cursor = rows[0];
  let last = null;

  function moveTo(row) {
    if (!row) return;
    cursor.tabIndex = -1;
    cursor.classList.remove("cursor");
    cursor = row;
    row.tabIndex = 0;
    row.classList.add("cursor");
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function show() {
    const chosen = rows.filter((row) => box(row).checked);
    for (const row of rows) row.setAttribute("aria-selected", box(row).checked);
    bulk.hidden = chosen.length === 0;
    bulk.querySelector("[data-count]").textContent = chosen.length;
    for (const button of bulk.querySelectorAll("[data-most]")) button.disabled = chosen.length > button.dataset.most;
    all.checked = chosen.length === rows.length;
    all.indeterminate = chosen.length > 0 && chosen.length < rows.length;
  }

  function choose(row, checked) {
    box(row).checked = checked;
    last = row;
    show();
  }

  function clear() {
    for (const row of rows) box(row).checked = false;
    show();
  }

  grid.addEventListener("click", ({ target, shiftKey }) => {
    const row = target.closest("tbody tr");
    if (!row || !target.matches("input[type=checkbox]")) return;
    if (shiftKey && last) {
      const [from, to] = [rows.indexOf(last), rows.indexOf(row)].sort((a, b) => a - b);
      for (const between of rows.slice(from, to + 1)) box(between).checked = target.checked;
    }
    last = row;
    show();
  });
  grid.addEventListener("focusin", ({ target }) => {
    const row = target.closest("tbody tr");
    if (row && row !== cursor) {
      cursor.classList.remove("cursor");
      cursor.tabIndex = -1;
      cursor = row;
      row.tabIndex = 0;
    }
    if (row) row.classList.add("cursor");
  });
  all.addEventListener("change", () => {
    for (const row of rows) box(row).checked = all.checked;
    show();
  });
  bulk.querySelector("[data-clear]").addEventListener("click", clear);
  const MOST_OF_AN_ALERT = 100;
  function alertFor(chosen) {
    const asins = new Set(chosen.map((row) => box(row).value.split(":")[0]));
    location.assign(`${bulk.querySelector("[data-alert]").dataset.alert}?asin=${[...asins].slice(0, MOST_OF_AN_ALERT).join(",")}`);
  }
  bulk.querySelector("[data-alert]")?.addEventListener("click", () => alertFor(rows.filter((row) => box(row).checked)));
  // What the bar's menus hold goes with its own button alone, and Enter in a field presses that.
  bulk.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    event.target.closest(".sheet").querySelector("button").click();
  });

  const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };
  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (target.matches("input:not([type=checkbox]), select, textarea")) return;
    if (key === "/") {
      event.preventDefault();
      list.querySelector("[name=q]").focus();
    } else if (key === "Escape") {
      clear();
    } else if (steps[key]) {
      event.preventDefault();
      moveTo(grid.contains(document.activeElement) ? rows[rows.indexOf(cursor) + steps[key]] : cursor);
    } else if (key === "Home" || key === "End") {
      if (!grid.contains(target)) return;
      event.preventDefault();
      moveTo(key === "Home" ? rows[0] : rows.at(-1));
    } else if (key.toLowerCase() === "x" && grid.contains(document.activeElement)) {
      choose(cursor, !box(cursor).checked);
    } else if (key.toLowerCase() === "a" && bulk.hidden && grid.contains(document.activeElement) && bulk.querySelector("[data-alert]")) {
      event.preventDefault();
      alertFor([cursor]);
    } else if (key === "Enter" && target.matches("tbody tr")) {
      cursor.querySelector("th a").click();
    }
  });
  document.addEventListener("restored", show);
  show();
})();
