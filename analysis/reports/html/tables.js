"use strict";
// The tables that a page came with: sorted by a heading, a long one cut, a wide one scrolled by keyboard.
(() => {
  const SHORT = 10;
  const collator = new Intl.Collator("zh-CN");
  const figure = (text) => (/\d/.test(text) ? Number(text.replace(/[^\d.\-−+]/g, "").replace("−", "-")) : -Infinity);
  for (const table of document.querySelectorAll("table.sortable")) {
    const rows = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((head, place) => {
      head.firstElementChild.addEventListener("click", () => {
        const up = place === 0 ? head.ariaSort !== "ascending" : head.ariaSort === "descending";
        for (const other of table.tHead.rows[0].cells) other.ariaSort = null;
        head.ariaSort = up ? "ascending" : "descending";
        const key = (line) => line.cells[place].textContent;
        const by = place === 0 ? (a, b) => collator.compare(key(a), key(b)) : (a, b) => figure(key(a)) - figure(key(b));
        rows.append(...[...rows.rows].sort((a, b) => (up ? by(a, b) : by(b, a))));
      });
    });
  }
  for (const table of document.querySelectorAll("table[data-rest]")) {
    const rows = table.tBodies[0];
    const button = document.createElement("button");
    button.type = "button";
    button.className = "rest";
    button.textContent = table.dataset.rest.replace("{m}", rows.rows.length - SHORT);
    rows.classList.add("short");
    button.addEventListener("click", () => {
      const next = rows.rows[SHORT];
      rows.classList.remove("short");
      button.remove();
      next.querySelector("a")?.focus();
    });
    table.parentElement.after(button);
  }
  // A table wider than the screen is scrolled by keyboard too.
  for (const box of document.querySelectorAll(".scroll")) {
    const label = box.querySelector("caption")?.textContent;
    new ResizeObserver(() => {
      if (box.scrollWidth > box.clientWidth) { box.tabIndex = 0; box.role = "region"; box.ariaLabel = label; }
      else { box.removeAttribute("tabindex"); box.removeAttribute("role"); box.removeAttribute("aria-label"); }
    }).observe(box);
  }
  // On paper nothing can be opened: the tables behind the charts are printed.
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const box of closed) box.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const box of closed) box.open = false;
  });
})();
