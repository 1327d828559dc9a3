// A pointer, a finger or arrow keys over a chart: what was so at that time. The server has drawn the chart.
"use strict";

(() => {
  const root = document.documentElement;
  const time = new Intl.DateTimeFormat(root.lang === "en" ? "en-GB" : root.lang, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
  const SVG = "http://www.w3.org/2000/svg";
  const element = (name, className, text = "") => Object.assign(document.createElement(name), { className, textContent: text });

  function drawn(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  // One drawing of a chart. A reading is [seconds, heights of its lines or null, texts], and holds until the next one.
  function follow(svg, readings, labels) {
    const { left, right, top, bottom, low, high, start, end, foot } = JSON.parse(svg.dataset.frame);
    const holder = svg.parentElement;
    const tip = element("div", "chart-tip");
    const cross = drawn("path", { class: "cross" });
    const rings = readings[0][1].map((_, line) => drawn("circle", { class: `ring k${line + 1}`, r: 4 }));
    const marks = drawn("g", {});
    let at = -1;
    tip.hidden = true;
    tip.setAttribute("aria-hidden", "true"); // the slider says the same
    marks.append(cross, ...rings);
    marks.setAttribute("visibility", "hidden");
    svg.append(marks);
    holder.append(tip);
    holder.classList.add("reads");

    const across = (seconds) => left + Math.min(Math.max((seconds - start) / (end - start || 1), 0), 1) * (right - left);
    const up = (value) => bottom - ((value - low) / (high - low || 1)) * (bottom - top);
    const words = (reading) => labels.map((label, place) => [label, reading[2][place]]).filter(([, text]) => text);

    function say(reading, x) {
      tip.replaceChildren(element("strong", "", time.format(new Date(reading[0] * 1000))));
      for (const [label, text] of words(reading)) {
        const line = element("p", "");
        const value = element("b", "", text);
        value.dir = "auto";
        line.append(element("span", "", label), value);
        tip.append(line);
      }
      tip.hidden = false;
      const scale = svg.clientWidth / svg.viewBox.baseVal.width;
      const room = holder.clientWidth - tip.offsetWidth;
      const wanted = x * scale + 12;
      tip.style.left = `${Math.max(0, wanted > room ? x * scale - tip.offsetWidth - 12 : wanted)}px`;
    }

    // `x` is where the pointer is; without one, where the reading begins.
    function show(place, x) {
      at = Math.min(Math.max(place, 0), readings.length - 1);
      const reading = readings[at];
      const here = x ?? across(reading[0]);
      cross.setAttribute("d", `M${here} ${top}V${foot}`);
      reading[1].forEach((value, line) => {
        rings[line].setAttribute("visibility", value === null ? "hidden" : "inherit");
        if (value !== null) rings[line].setAttribute("cx", here);
        if (value !== null) rings[line].setAttribute("cy", up(value));
      });
      marks.setAttribute("visibility", "visible");
      say(reading, here);
      holder.setAttribute("aria-valuenow", at + 1);
      holder.setAttribute("aria-valuetext", [time.format(new Date(reading[0] * 1000)), ...words(reading).map(([label, text]) => `${label} ${text}`)].join(", "));
    }

    function hide() {
      marks.setAttribute("visibility", "hidden");
      tip.hidden = true;
    }

    function point(event) {
      const box = svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
      if (x < left - 8 || x > right + 8) return hide();
      const here = Math.min(Math.max(x, left), right);
      const seconds = start + ((here - left) / (right - left)) * (end - start);
      const next = readings.findIndex(([from]) => from > seconds);
      return show(next === -1 ? readings.length - 1 : next - 1, here);
    }

    const slider = { role: "slider", tabindex: 0, "aria-label": svg.getAttribute("aria-label"), "aria-valuemin": 1, "aria-valuemax": readings.length, "aria-valuenow": readings.length };
    for (const [name, value] of Object.entries(slider)) holder.setAttribute(name, value);
    holder.addEventListener("pointermove", point);
    holder.addEventListener("pointerdown", point);
    holder.addEventListener("pointerleave", hide);
    holder.addEventListener("blur", hide);
    holder.addEventListener("focus", () => { if (holder.matches(":focus-visible")) show(readings.length - 1); });
    holder.addEventListener("keydown", (event) => {
      const steps = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, PageUp: at - 10, PageDown: at + 10, Home: 0, End: readings.length - 1 };
      if (event.key in steps) show(steps[event.key]);
      else if (event.key === "Escape") hide();
      else return;
      event.preventDefault();
    });
  }

  for (const card of document.querySelectorAll("[data-readings]")) {
    const readings = JSON.parse(card.dataset.readings);
    if (readings.length === 0) continue;
    for (const svg of card.querySelectorAll("svg[data-frame]")) follow(svg, readings, JSON.parse(card.dataset.labels));
  }
})();
