// Nothing typed is lost: when the server is gone, slow, or the session is over, a bar says so and forms are kept.
"use strict";

(() => {
  const PING_MS = 2000;
  const SLOW_MS = 5000;
  const READ_MS = 5000;
  const SAVE_MS = 250;
  const GATEWAYS = [502, 503, 504];

  // The bar
  const bar = () => document.getElementById("connection");
  let hiding = 0;
  let gone = false;

  function say(name, { passing = false, action = null } = {}) {
    clearTimeout(hiding);
    const text = document.createElement("p");
    text.textContent = bar().dataset[name];
    bar().dataset.state = name;
    bar().replaceChildren(text, ...(action ? [action] : []));
    if (passing) hiding = setTimeout(() => hush(name), READ_MS);
  }

  function hush(...names) {
    if (names.includes(bar().dataset.state)) {
      bar().dataset.state = "";
      bar().replaceChildren();
    }
  }

  const answers = (where = "/health") => fetch(where, { cache: "no-store" }).then((response) => response.ok, () => false);

  async function wait(name, where) {
    if (gone) return;
    gone = true;
    if (name) say(name);
    while (!(await answers(where))) await new Promise((resolve) => setTimeout(resolve, PING_MS));
    back();
  }

  const serverGone = () => wait("gone");
  const databaseGone = () => wait("outage", "/health/ready");

  function back() {
    gone = false;
    hush("slow");
    if (["gone", "outage"].includes(bar().dataset.state)) say("back", { passing: true });
    for (const form of document.forms) if (isKept(form)) form.dispatchEvent(new Event("input", { bubbles: true })); // previews
  }

  document.addEventListener("htmx:sendError", serverGone);
  document.addEventListener("htmx:timeout", serverGone);
  document.addEventListener("htmx:historyCacheMissLoadError", serverGone);
  window.addEventListener("offline", serverGone);

  // What a proxy says in the server's place is not put into the page; our own failures name where they belong.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const foreign = xhr.status >= 400 && !xhr.getResponseHeader("HX-Retarget");
    if (!foreign && xhr.status === 503 && xhr.responseText.includes("data-outage")) {
      event.detail.shouldSwap = false;
      databaseGone();
    } else if (foreign || (GATEWAYS.includes(xhr.status) && requestConfig.verb === "get")) {
      event.detail.shouldSwap = false;
      serverGone();
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== bar()) return;
    bar().dataset.state = "ended";
    if (event.detail.requestConfig.elt.id === "chosen") keepChoice(event.detail.requestConfig.elt);
  });

  // A part that comes anew keeps what the reader does in it: open folds, the focus, how far it is scrolled; and, where it comes
  // by itself, what was typed.
  const PARTS = "details, summary, input, select, textarea, button, a[href], [tabindex], .scroll, .table-wrap, .tabs";
  const kept = new Map();

  // By what a part is to the reader: the number tells those apart that are the same.
  function partsOf(within) {
    const found = new Map();
    const count = {};
    for (const part of within.querySelectorAll(PARTS)) {
      const choice = ["checkbox", "radio"].includes(part.type) ? part.value : "";
      const said = part.matches("details, summary, button, a") ? (part.querySelector("summary") ?? part).textContent.replace(/[\s\d↑↓]+/g, " ").trim() : "";
      const what = [part.tagName, part.id, part.name, choice, part.pathname, part.form?.getAttribute("action"), said].join("|");
      count[what] = (count[what] ?? 0) + 1;
      found.set(`${what}|${count[what]}`, part);
    }
    return found;
  }

  function look(part, isTyped) {
    const { open, scrollLeft, scrollTop } = part;
    const typed = isTyped && part.name && part.matches("input:not([type=hidden], [type=file]), select, textarea") && value(part) !== given(part);
    const isHere = part === document.activeElement;
    return {
      open, scrollLeft, scrollTop, isHere, typed: typed ? value(part) : null,
      from: isHere && part.matches("textarea, input:is([type=text], [type=search], :not([type]))") ? [part.selectionStart, part.selectionEnd] : null,
    };
  }

  function putBack(part, was) {
    if (part.matches("details")) part.open = was.open;
    if (was.typed !== null) part[typeof was.typed === "boolean" ? "checked" : "value"] = was.typed;
    if (was.isHere && part !== document.activeElement) part.focus({ preventScroll: true });
    if (was.from) part.setSelectionRange(...was.from);
    if (was.scrollLeft || was.scrollTop) part.scrollTo(was.scrollLeft, was.scrollTop);
  }

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { target, requestConfig, xhr } = detail;
    if (!detail.shouldSwap || !target?.querySelectorAll) return;
    kept.set(xhr, [...partsOf(target)].map(([what, part]) => [what, look(part, target === requestConfig.elt)]));
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (!detail.target) return; // the way back, which brings a whole page
    const found = partsOf(document.getElementById(detail.target.id) ?? detail.target);
    for (const [what, was] of kept.get(detail.xhr) ?? []) {
      if (found.has(what)) putBack(found.get(what), was);
      else if (was.isHere && document.activeElement === document.body) (document.getElementById("main") ?? detail.target).focus({ preventScroll: true });
    }
    kept.delete(detail.xhr);
  });

  // Where a choice leads to the same page again, the keyboard goes on from it; a button that works has lost the focus by then.
  let sentFrom = null;

  function place() {
    const here = document.activeElement;
    if (here === document.body || !here.matches(":focus-visible")) return null;
    const [what] = [...partsOf(document)].find(([, part]) => part === here) ?? [];
    return { here, what };
  }

  window.addEventListener("pagehide", () => {
    const { what } = place() ?? sentFrom ?? {};
    if (what) sessionStorage.setItem("place", JSON.stringify([location.pathname, what]));
  });
  // After the browser went to the address's anchor, which takes the focus away. What is gone leaves the keyboard in the contents.
  window.addEventListener("pageshow", () => {
    const [path, what] = JSON.parse(sessionStorage.getItem("place") ?? "[]");
    sessionStorage.removeItem("place");
    if (path !== location.pathname || document.activeElement !== document.body) return;
    const part = partsOf(document).get(what) ?? document.getElementById("main");
    const folded = part?.closest("details:not([open])");
    (folded && !part.matches("summary") ? folded.querySelector("summary") : part)?.focus();
  });

  // A request that takes long says so, and so does the button that sent it.
  const waiting = new Map();

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    waiting.set(detail.xhr, setTimeout(() => { if (!gone) say("slow"); }, SLOW_MS));
    if (detail.elt.matches("form[hx-post]") && detail.requestConfig.triggeringEvent?.type === "submit") work(detail.elt, detail.requestConfig.triggeringEvent.submitter);
  });

  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    clearTimeout(waiting.get(detail.xhr));
    waiting.delete(detail.xhr);
    if (waiting.size === 0) hush("slow");
    const form = detail.requestConfig.elt; // detail.elt is another element where the answer took the form's place
    if (!form.matches("form[hx-post]")) return;
    if (detail.xhr.status >= 200 && detail.xhr.status < 400) { forget(form); renew(form); }
    if (!detail.xhr.getResponseHeader("HX-Redirect")) rest(form);
  });

  const buttons = (form) => [...form.elements].filter((element) => element.type === "submit");

  function work(form, pressed) {
    sentFrom = place();
    for (const button of buttons(form)) {
      button.label = [...button.childNodes];
      if (!pressed || button === pressed) button.replaceChildren(bar().dataset.working);
      button.setAttribute("aria-busy", "true");
      button.disabled = true;
    }
  }

  function rest(form) {
    for (const button of buttons(form).filter((each) => each.label)) {
      button.replaceChildren(...button.label);
      button.removeAttribute("aria-busy");
      button.disabled = false;
      delete button.label;
    }
    if (document.activeElement === document.body) sentFrom?.here.focus({ preventScroll: true });
    sentFrom = null;
  }

  window.addEventListener("pageshow", (event) => { if (event.persisted) [...document.forms].forEach(rest); });

  // A form that the browser itself sends would leave the page for an error of the browser's.
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (form.method !== "post" || form.matches("[hx-post]") || event.defaultPrevented) return;
    if (form.isAnswered) { form.isAnswered = false; return; }
    event.preventDefault();
    if (!(await answers())) { serverGone(); return; }
    if (form.matches("[data-downloads]")) {
      say("saving", { passing: true });
      form.closest("details").open = false;
    }
    form.isAnswered = true;
    form.requestSubmit(submitter);
  });

  // Drafts: what differs from the form as it came, in this tab, of this user, until it is sent.
  const user = () => document.body.dataset.user;
  // Of the page, whatever it has just said, and of what the form was made from: what has changed since is another form.
  function here() {
    const query = new URLSearchParams(location.search);
    query.delete("notice");
    return `${location.pathname}?${query}`;
  }

  const key = (form) => `draft ${user()} ${here()} ${form.id || form.getAttribute("action")} ${form.elements.seen?.value ?? ""}`;
  const isKept = (form) => user() && form?.matches?.("form[hx-post]:not([hx-trigger], #chosen)"); // sent as they are filled in; what is chosen of a table is no draft

  function fields(form) {
    return [...form.elements].filter(
      (field) => field.name && field.matches("input, select, textarea") && !["hidden", "password", "file"].includes(field.type),
    );
  }

  function value(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.checked;
    return field.value;
  }

  function given(field) {
    if (field.type === "checkbox" || field.type === "radio") return field.defaultChecked;
    if (field.tagName !== "SELECT") return field.defaultValue;
    return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value;
  }

  // The form's own key is kept with it: sent again after an answer that never came, it creates nothing twice.
  function save(form) {
    const draft = fields(form).map((field) => (value(field) === given(field) ? null : value(field)));
    if (draft.every((each) => each === null)) { forget(form); return; }
    try {
      sessionStorage.setItem(key(form), JSON.stringify({ once: form.elements.form_key?.value, draft }));
    } catch {
      forget(form); // larger than the browser keeps: half a list would be worse than none
    }
  }

  function forget(form) {
    clearTimeout(form.saving);
    form.saving = 0;
    if (isKept(form)) sessionStorage.removeItem(key(form));
  }

  // What is chosen of a table is no draft, but waits for the reader who has to log in again: by what the boxes say, as the rows may
  // be others by then.
  const choice = () => `choice ${user()} ${location.pathname}${location.search}`;
  const isBox = (field) => field.type === "checkbox";

  function keepChoice(form) {
    const boxes = fields(form).filter((field) => isBox(field) && field.checked).map((box) => [box.name, box.value]);
    const typed = fields(form).filter((field) => !isBox(field) && value(field) !== given(field)).map((field) => [field.name, value(field)]);
    sessionStorage.setItem(choice(), JSON.stringify({ boxes, typed }));
  }

  function restoreChoice(form) {
    const { boxes, typed } = JSON.parse(sessionStorage.getItem(choice()) ?? "{}");
    sessionStorage.removeItem(choice());
    if (!boxes) return;
    const was = new Set(boxes.map(([name, said]) => `${name}=${said}`));
    for (const box of fields(form).filter(isBox)) box.checked = was.has(`${box.name}=${box.value}`);
    for (const [name, said] of typed) {
      const field = fields(form).find((each) => each.name === name);
      if (!field) continue;
      field.value = said;
      const folded = field.closest("details");
      if (folded) folded.open = true;
    }
    form.dispatchEvent(new CustomEvent("restored", { bubbles: true }));
  }

  // A form that was answered is another one from here on: who comes back to it and sends it, means it.
  function renew(form) {
    if (form.elements.form_key) form.elements.form_key.value += "+";
  }

  function restore(form) {
    const { once, draft } = JSON.parse(sessionStorage.getItem(key(form)) ?? "{}");
    const found = fields(form);
    if (draft?.length !== found.length) return false;
    if (once) form.elements.form_key.value = once;
    found.forEach((field, place) => {
      if (draft[place] === null) return;
      if (typeof draft[place] === "boolean") field.checked = draft[place];
      else field.value = draft[place];
      const folded = field.closest("details");
      if (folded) folded.open = true;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return true;
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form ?? event.target;
    if (!isKept(form)) return;
    clearTimeout(form.saving);
    form.saving = setTimeout(() => save(form), SAVE_MS);
  });
  window.addEventListener("pagehide", () => {
    for (const form of document.forms) if (isKept(form) && form.saving) save(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/app/logout") sessionStorage.clear();
  });

  // A page that stands in for one that needs the database gives way to it.
  document.addEventListener("DOMContentLoaded", async () => {
    if (!document.querySelector("main [data-outage]")) return;
    await wait(null, "/health/ready");
    location.replace(location.href);
  });

  document.addEventListener("DOMContentLoaded", () => {
    const chosen = document.getElementById("chosen");
    if (chosen && user()) restoreChoice(chosen);
    const restored = [...document.forms].filter(isKept).filter(restore);
    if (restored.length === 0) return;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "compact", textContent: bar().dataset.discard });
    button.addEventListener("click", () => {
      restored.forEach(forget);
      location.reload();
    });
    say("restored", { action: button });
    document.addEventListener("submit", () => hush("restored"));
  });
})();
