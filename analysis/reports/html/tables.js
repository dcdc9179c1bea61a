"use strict";
// The tables that the page came with: sorted by a heading, shown in part or whole, scrolled by keyboard.
function tables(make, words, compare, filled) {
  const SHORT = 10;
  const figure = (text) => (/\d/.test(text) ? Number(text.replace(/[^\d.\-−+]/g, "").replace("−", "-")) : -Infinity);
  for (const table of document.querySelectorAll("table.sortable")) {
    const rows = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((head, place) => {
      head.firstElementChild.addEventListener("click", () => {
        const up = place === 0 ? head.ariaSort !== "ascending" : head.ariaSort === "descending";
        for (const other of table.tHead.rows[0].cells) other.ariaSort = null;
        head.ariaSort = up ? "ascending" : "descending";
        const key = (line) => line.cells[place].textContent;
        const by = place === 0 ? (a, b) => compare(key(a), key(b)) : (a, b) => figure(key(a)) - figure(key(b));
        rows.append(...[...rows.rows].sort((a, b) => (up ? by(a, b) : by(b, a))));
      });
    });
  }
  for (const table of document.querySelectorAll("table.long-list")) {
    const rows = table.tBodies[0], rest = rows.rows.length - SHORT;
    const button = make("button", {type: "button", className: "rest", textContent: filled(words.js_rest, {m: rest})});
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
}
