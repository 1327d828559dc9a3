// What pages need beyond htmx: local times, the menu, dropped files, charts, copying. No library, no eval.
"use strict";

(() => {
  const root = document.documentElement;
  root.classList.add("js");

  // Files that are made for the reader have times as the reader's clock shows them.
  const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone ?? "");
  if (zone && !document.cookie.split("; ").includes(`azscraper_zone=${zone}`)) {
    document.cookie = `azscraper_zone=${zone}; path=/app; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
  }

  // One style of dates, the server's: 30 Nov 2026, 08:02.
  const language = root.lang === "en" ? "en-GB" : root.lang;
  const date = { day: "numeric", month: "short" };
  const clock = { hour: "2-digit", minute: "2-digit" };
  const localTime = new Intl.DateTimeFormat(language, { ...date, year: "numeric", ...clock });
  const shortDay = new Intl.DateTimeFormat(language, date);
  const shortTime = new Intl.DateTimeFormat(language, clock);

  function showLocalTimes(within) {
    const today = new Date().toDateString();
    for (const time of within.querySelectorAll("time[datetime]:not([data-plain])")) {
      const at = new Date(time.dateTime);
      const short = time.dataset.clock !== undefined || at.toDateString() === today ? shortTime : shortDay;
      const isShort = time.dataset.short !== undefined || time.dataset.clock !== undefined;
      time.title = isShort ? localTime.format(at) : time.textContent;
      time.textContent = (isShort ? short : localTime).format(at);
      time.dataset.plain = "";
    }
    for (const text of within.querySelectorAll("text[data-at]")) { // in drawings
      const at = new Date(text.dataset.at);
      text.textContent = (at.toDateString() === today ? shortTime : shortDay).format(at);
    }
  }

  // In a feed, a line where the reader's own day changes.
  function markDays(feed) {
    const name = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
    const now = new Date();
    const words = { [now.toDateString()]: feed.dataset.today, [new Date(now - 864e5).toDateString()]: feed.dataset.yesterday };
    let before = "";
    for (const item of [...feed.querySelectorAll("li")]) {
      const at = new Date(item.querySelector("time").dateTime);
      if (at.toDateString() === before) continue;
      before = at.toDateString();
      const parts = [words[before], words[before] === feed.dataset.today ? "" : name.format(at)];
      item.before(Object.assign(document.createElement("li"), { className: "day", textContent: parts.filter(Boolean).join(", ") }));
    }
    for (const time of feed.querySelectorAll("time")) time.dataset.clock = "";
  }

  // A link that opens the menu on small screens.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) {
      const side = document.getElementById(opener.dataset.opens);
      opener.setAttribute("aria-expanded", side.classList.toggle("open"));
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const copier = event.target.closest("[data-copies]");
    if (copier) copy(copier, document.getElementById(copier.dataset.copies));
  });

  // Browsers give a page that came by plain http no clipboard: then the text is selected, and copied as by hand.
  async function copy(copier, source) {
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
    } catch {
      getSelection().selectAllChildren(source);
      if (!document.execCommand("copy")) return;
    }
    copier.textContent = copier.dataset.done;
  }

  // A menu that would leave the screen opens to the other side.
  document.addEventListener("toggle", ({ target }) => {
    if (!target.matches("details.menu") || !target.open) return;
    target.classList.remove("flipped");
    target.classList.toggle("flipped", target.querySelector(".sheet").getBoundingClientRect().right > root.clientWidth);
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.closest("[data-sends]")) event.target.form.requestSubmit();
  });

  // A question before what can't be taken back.
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset.asks;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  // The fields of a form behind a name of the API: config.minPrice, marketplaces.0, refresh.timezone.
  function fieldsOf(name) {
    for (const part of name.split(".").reverse()) {
      const found = document.getElementsByName(part.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase()));
      if (found.length) return [...found].filter((field) => field.type !== "hidden");
    }
    return [];
  }

  function labelOf([field]) {
    return field && (field.dataset.label || (field.labels && field.labels[0] && field.labels[0].textContent.trim()));
  }

  // What is wrong with a field stands beside it, and is read out with it.
  function explain(fields, why) {
    const [field] = fields;
    const text = Object.assign(document.createElement("p"), { className: "wrong", id: `wrong-${document.querySelectorAll(".wrong").length}`, textContent: why });
    const isChoice = ["checkbox", "radio"].includes(field.type);
    if (isChoice && field.closest("fieldset")) field.closest("fieldset").append(text);
    else (field.closest("label, .secret") || field).after(text);
    for (const each of fields) {
      each.setAttribute("aria-invalid", "true");
      each.dataset.described = each.getAttribute("aria-describedby") ?? "";
      each.setAttribute("aria-describedby", `${each.dataset.described} ${text.id}`.trim());
    }
  }

  function clearMarks() {
    for (const text of document.querySelectorAll(".wrong")) text.remove();
    for (const field of document.querySelectorAll("[aria-invalid]")) {
      field.removeAttribute("aria-invalid");
      field.setAttribute("aria-describedby", field.dataset.described ?? "");
      if (!field.dataset.described) field.removeAttribute("aria-describedby");
    }
  }

  document.addEventListener("input", (event) => {
    if (event.isTrusted && event.target.getAttribute?.("aria-invalid")) clearMarks();
  });

  // Fields that an alert names are marked, and named as the form does; the first of them is where the reader goes on.
  function markBadFields() {
    clearMarks();
    const alert = document.querySelector("#alert [role=alert]");
    if (!alert) return;
    document.querySelector("[data-notice]")?.remove(); // of what went well before
    const wrong = [];
    for (const named of alert.querySelectorAll("[data-field]")) {
      const fields = fieldsOf(named.dataset.field);
      if (fields.length === 0) continue;
      explain(fields, named.parentElement.querySelector("[data-why]").textContent);
      wrong.push(fields[0]);
      const label = labelOf(fields);
      if (label && !named.hidden) named.replaceWith(Object.assign(document.createElement("strong"), { textContent: `${label}:` }));
    }
    wrong.sort((one, other) => (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
    for (let folded = wrong[0]?.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
    if (wrong.length === 0) alert.scrollIntoView({ block: "center" });
    (wrong[0] ?? alert).focus();
  }

  // A file that is dropped anywhere on the field is the file of its form.
  function takeDrops(zone) {
    const input = zone.querySelector("input[type=file]");
    for (const name of ["dragenter", "dragover"]) {
      zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
    }
    for (const name of ["dragleave", "drop"]) zone.addEventListener(name, () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer.files.length === 0) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  let ofFile = "";

  // A file that was not taken leaves nothing of the one before it, but for what was changed by hand.
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.elt.id !== "file-form") return;
    if (detail.xhr.status === 200) document.getElementById("alert").replaceChildren();
    if (detail.xhr.status < 400) return;
    document.getElementById("upload").replaceChildren();
    detail.elt.elements.file.value = ""; // the same file can be chosen again, mended
    const { targets } = document.getElementById("job").elements;
    if (!ofFile || targets.value !== ofFile) return;
    targets.value = ofFile = "";
    targets.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // Whoever chooses keywords takes them from a file that has both.
  function chooseKind(kind) {
    const form = document.getElementById("file-form");
    if (!form) return;
    form.elements.rather.value = kind;
    const read = form.querySelector("template[data-kinds]");
    const { targets } = document.getElementById("job").elements;
    if (!read || read.dataset.kind === kind || !read.dataset.kinds.split(" ").includes(kind) || targets.value !== ofFile) return;
    if (form.elements.column_of) form.elements.column_of.value = "";
    htmx.trigger(form, "change");
  }

  // The targets that were read out of a file go into the form, which asks for its preview.
  function takeUpload(element) {
    const form = document.getElementById("job");
    form.elements.targets.value = ofFile = element.content.textContent.trim();
    for (const choice of form.querySelectorAll("[name=type]")) choice.checked = choice.value === element.dataset.kind;
    showOptions(form);
    htmx.trigger(form.elements.targets, "loaded");
  }

  // A file that a form's contents make: sent as the form would be, kept as a file, the page stays.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-download]");
    if (!button) return;
    event.preventDefault();
    button.disabled = true;
    try {
      const body = new FormData(document.getElementById(button.dataset.form));
      const answer = await fetch(button.dataset.download, { method: "POST", body });
      if (answer.redirected) location.assign(answer.url); // to the log-in
      if (!answer.ok || answer.redirected) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition"))?.[1] ?? button.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    } catch {
      document.dispatchEvent(new Event("htmx:sendError")); // the bar says that the server is gone
    } finally {
      button.disabled = false;
    }
  });

  function showOptions(form) {
    const kind = new FormData(form).get("type");
    for (const part of form.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== kind;
  }

  document.addEventListener("input", (event) => {
    if (event.target.name !== "type" || !event.target.form) return;
    showOptions(event.target.form);
    if (event.isTrusted && event.target.form.id === "job") chooseKind(event.target.value);
    const { name } = event.target.form.elements; // of a list: what it holds, unless somebody has named it
    if (event.target.form.id === "list" && name && name.value === name.defaultValue) name.value = name.defaultValue = event.target.dataset.name;
  });

  // What was meant takes the place of what was pasted.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-mends]");
    const pasted = button?.closest("form")?.elements.targets;
    if (!pasted) return;
    pasted.value = pasted.value.split("\n").map((line) => line.replace(button.dataset.mends, button.dataset.with)).join("\n");
    pasted.dispatchEvent(new Event("input", { bubbles: true }));
    pasted.focus();
  });

  // What was pasted is of another kind.
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-chooses]");
    if (!button) return;
    const choice = document.querySelector(`input[type=radio][name=type][value="${button.dataset.chooses}"]`);
    if (choice.closest("details")) choice.closest("details").open = true;
    choice.click();
    choice.focus();
  });

  // A number to begin with: what is usual of the chosen ending, unless somebody wrote another.
  document.addEventListener("change", (event) => {
    const field = event.target.matches?.(".sentence .part select") && event.target.parentElement.querySelector(".amount input");
    if (!field || (field.value && field.value !== field.dataset.usual)) return;
    field.value = field.dataset.usual = event.target.selectedOptions[0].dataset.usual || "";
  });

  // A field that leaves only the choices in view that have its text.
  document.addEventListener("input", (event) => {
    if (event.target.dataset.narrows === undefined) return;
    const wanted = event.target.value.trim().toLowerCase();
    for (const choice of event.target.parentElement.querySelectorAll("label")) {
      choice.hidden = !choice.textContent.toLowerCase().includes(wanted);
    }
  });

  // Charts: colours are read off the page, so that they follow the theme.
  function draw(element) {
    const data = JSON.parse(element.dataset.points);
    const ink = (name) => getComputedStyle(element.querySelector(name) || element).color;
    const number = new Intl.NumberFormat(root.lang, { maximumFractionDigits: 2 });
    const axis = { stroke: ink(".axes"), grid: { stroke: ink(".lines"), width: 1 }, ticks: { show: false }, gap: 6, font: "12px Inter, sans-serif" };
    const size = () => ({ width: element.clientWidth, height: Math.max(160, element.clientHeight - 36) });
    const low = Number(element.dataset.low);
    const upsideDown = element.dataset.upsideDown !== undefined; // of ranks, where 1 is the top
    const plot = new uPlot({
      ...size(),
      scales: {
        // one point alone stands in the middle of its day: uPlot would give it years, and put it at their edge
        x: { time: true, range: (_, min, max) => (data[0].length === 1 ? [min - 43200, min + 43200] : [min, max]) },
        y: {
          dir: upsideDown ? -1 : 1,
          range: (_, min, max) => {
            if (min === null) return [0, 1];
            const room = Math.max((max - min) * 0.15, Math.abs(max) * 0.02, upsideDown ? 3 : 0.05);
            return [Number.isNaN(low) ? Math.max(0, min - room) : Math.max(low, min - room), max + room];
          },
        },
      },
      axes: [
        { ...axis, space: 84, values: (_, ticks, __, ___, step) => ticks.map((tick) => (step < 86400 ? shortTime : shortDay).format(new Date(tick * 1000))) },
        { ...axis, size: 64, ...(upsideDown ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6] } : {}), values: (_, ticks) => ticks.map((tick) => number.format(tick)) },
      ],
      series: [
        { label: element.dataset.time, value: (_, value) => (value === null ? "–" : localTime.format(new Date(value * 1000))) },
        { label: element.dataset.label, stroke: ink(), width: 2, fill: upsideDown ? undefined : ink().replace("rgb(", "rgba(").replace(")", ", 0.10)"), points: { show: data[0].length < 40, size: 7, fill: ink() }, spanGaps: true, value: (_, value) => (value === null ? "–" : number.format(value)) },
      ],
    }, data, element);
    new ResizeObserver(() => plot.setSize(size())).observe(element);
  }

  // Of tabs that are wider than the screen, the one that is open is in view.
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const row = tab.parentElement;
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }

  // Each part of a page once, when it comes: with the page, by a swap, or by the browser's way back.
  htmx.onLoad((within) => {
    const all = (selector) => [...(within.matches(selector) ? [within] : []), ...within.querySelectorAll(selector)];
    all("[data-days]").forEach(markDays);
    showLocalTimes(within);
    all(".drop").forEach(takeDrops);
    all("template[data-kind]").forEach(takeUpload);
    if (window.uPlot) all("[data-points]").forEach(draw);
    for (const form of document.querySelectorAll("form#job, form#list")) if (within.contains(form) && form.elements.type) showOptions(form);
    const zone = document.querySelector("[data-own-zone]");
    if (zone && within.contains(zone) && zone.value === zone.defaultValue) {
      zone.value = zone.defaultValue = Intl.DateTimeFormat().resolvedOptions().timeZone; // what a form proposes is no draft
      htmx.trigger(zone, "input");
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "alert") markBadFields();
  });
})();
