// Keys that work on every page: ? lists them, Ctrl K searches, and a letter presses what says so in data-key; pictures to choose.
"use strict";

(() => {
  const jump = document.getElementById("jump");
  const input = jump?.querySelector("[name=q]");
  const links = () => [...jump.querySelectorAll("a")];

  function open(dialog) {
    if (!dialog || dialog.open) return;
    dialog.showModal();
    if (dialog === jump) htmx.trigger(input, "shown");
  }

  // Over links and the field: arrows go round, Enter takes the first.
  function move(event) {
    const all = [input, ...links()];
    const at = all.indexOf(document.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      all.at((at + (event.key === "ArrowDown" ? 1 : -1)) % all.length).focus();
    } else if (event.key === "Enter" && document.activeElement === input) {
      event.preventDefault();
      links()[0]?.click();
    }
  }

  jump?.addEventListener("keydown", move);
  document.addEventListener("click", (event) => {
    const shower = event.target.closest("[data-shows]");
    if (shower) open(document.getElementById(shower.dataset.shows));
    if (event.target.matches("dialog")) event.target.close(); // on what is around it
    const picture = event.target.closest("[data-picture]");
    if (picture) {
      document.getElementById("picture").src = picture.dataset.picture;
      for (const each of document.querySelectorAll("[data-picture]")) each.setAttribute("aria-pressed", each === picture);
    }
  });

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && jump) {
      event.preventDefault();
      open(jump);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.matches("input:not([type=checkbox], [type=radio]), select, textarea")) return;
    if (event.key === "?") {
      event.preventDefault();
      open(document.getElementById("keys"));
      return;
    }
    const pressed = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)].find((each) => each.offsetParent);
    if (pressed && !event.defaultPrevented) {
      event.preventDefault();
      pressed.click();
    }
  });
})();
