"use strict";
// The list of awards. Text of notices only ever becomes text: nothing here writes HTML.
(() => {
  const {page, awards} = JSON.parse(document.getElementById("data").textContent);
  const words = page.words;
  const at = Object.fromEntries(page.names.map((name, place) => [name, place]));
  const ROWS = 25, PRINTED = 200;
  const FILTERS = ["month", "type", "sector", "province", "vendor", "disclosed", "award"];
  const ORDERS = {
    amount: [words.script_sort_amount, (a, b) => cents(b) - cents(a)],
    up: [words.script_sort_up, (a, b) => priced(a) - priced(b) || cents(a) - cents(b)],
    day: [words.script_sort_day, (a, b) => b[at.day].localeCompare(a[at.day])],
    name: [words.script_sort_name, (a, b) => compare(a[at.name], b[at.name])],
    buyer: [words.script_sort_buyer, (a, b) => compare(a[at.buyer], b[at.buyer])],
  };
  const HEADS = [["project", "name"], ["buyer", "buyer"], ["suppliers", null], ["script_classes", null], ["day", "day"], ["yuan", "amount"]];
  const collator = new Intl.Collator("zh-CN");
  const money = new Intl.NumberFormat("en-US", {minimumFractionDigits: 2, maximumFractionDigits: 2});
  const integer = new Intl.NumberFormat("en-US");
  const compare = (a, b) => collator.compare(a ?? "", b ?? "");
  const cents = (award) => (award[at.amount] === null ? -1 : Math.round(award[at.amount] * 100));
  const priced = (award) => (award[at.amount] === null ? 1 : 0);
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const joined = (names) => names.join(page.chinese ? "、" : "; ");
  const coded = (kind, code) => (code === null ? page.none : page.codes[kind][code] ?? code);

  let wanted = {}, order = "amount", number = 1, found = [];
  const searched = new Map();

  // --- elements -------------------------------------------------------------------------------------------------------
  function make(tag, properties = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in made && name !== "list") made[name] = value;
      else made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  }
  const chinese = (tag, text, properties = {}) =>
    make(tag, {textContent: text ?? "—", ...(page.chinese ? {} : {lang: "zh-CN"}), ...properties});
  const web = (address) => /^https?:\/\/[^\s"<>\\^`{|}]+$/i.test(address);
  function notice(address, label) {
    if (!web(address)) return make("span", {textContent: label});
    return make("a", {href: address, target: "_blank", rel: "noopener noreferrer", textContent: label});
  }

  // --- what is wanted -------------------------------------------------------------------------------------------------
  function haystack(award) {
    let text = searched.get(award);
    if (text === undefined) {
      const texts = [award[at.name], award[at.number], award[at.buyer], award[at.key], ...award[at.suppliers], ...award[at.vendors]];
      searched.set(award, text = fold(texts.filter(Boolean).join("\n")));
    }
    return text;
  }
  const is = (value, asked) => (value ?? "none") === asked;
  function fits(award) {
    if (wanted.award) return award[at.key] === wanted.award;
    return (!wanted.month || (page.periods[wanted.month] ?? [wanted.month]).includes(award[at.month]))
      && (!wanted.type || is(award[at.type], wanted.type))
      && (!wanted.sector || is(award[at.sector], wanted.sector))
      && (!wanted.province || is(award[at.province], wanted.province))
      && (!wanted.vendor || won(award, wanted.vendor).length > 0)
      && (!wanted.disclosed || (award[at.amount] !== null) === (wanted.disclosed === "yes"))
      && (!wanted.q || fold(wanted.q).split(/\s+/).every((word) => haystack(award).includes(word)));
  }
  // The lots of an award that make up its figures, of one vendor group where one is asked for: as the rankings count.
  const won = (award, vendor) => award[at.lots].filter((lot) => lot[3] && lot[2] === "won" && lot[7].includes(vendor));
  function sum(list) {
    let disclosed = 0, total = 0;
    for (const award of list) {
      const amounts = (wanted.vendor ? won(award, wanted.vendor).map((lot) => lot[4]) : [award[at.amount]])
        .filter((amount) => amount !== null);
      disclosed += amounts.length > 0;
      total += amounts.reduce((all, amount) => all + Math.round(amount * 100), 0);
    }
    return filled(words.script_found, {n: integer.format(list.length), d: integer.format(disclosed), a: money.format(total / 100)});
  }

  // --- the list -------------------------------------------------------------------------------------------------------
  const status = make("p", {id: "found", role: "status", className: "found"});
  const body = make("tbody");
  const pager = make("nav", {className: "pager", "aria-label": words.script_page.replace(/[{}nm]/g, "").trim()});
  const controls = {};

  function row(award) {
    const isOpen = open.has(award[at.key]);
    const name = chinese("button", award[at.name] ?? award[at.key], {type: "button", className: "open"});
    name.setAttribute("aria-expanded", String(isOpen));
    const first = award[at.notices][0];
    const more = make("span", {className: "sub"}, first && web(first[4]) ? notice(first[4], coded("kind", first[1])) : null);
    if (award[at.partial]) more.append(make("span", {className: "tag", textContent: words.script_partial}));
    if (award[at.own]) more.append(make("span", {className: "tag", textContent: words.script_own}));
    const classes = ["type", "sector", "province"].map((kind) => coded(kind, award[at[kind]])).join(" · ");
    const amount = award[at.amount];
    const cells = [
      make("th", {scope: "row", className: "long"}, name, more),
      chinese("td", award[at.buyer]), chinese("td", joined(award[at.suppliers])),
      make("td", {className: "quiet", textContent: classes}), make("td", {className: "day", textContent: award[at.day]}),
      make("td", {className: amount === null ? "n quiet" : "n", textContent: amount === null ? words.script_undisclosed : money.format(amount)}),
    ];
    HEADS.forEach(([head], place) => cells[place].setAttribute("data-head", words[head]));
    const made = make("tr", {}, ...cells);
    name.addEventListener("click", () => {
      if (open.delete(award[at.key])) made.nextElementSibling.remove();
      else { open.add(award[at.key]); made.after(details(award)); }
      name.setAttribute("aria-expanded", String(open.has(award[at.key])));
    });
    return isOpen ? [made, details(award)] : [made];
  }
  const open = new Set();

  function details(award) {
    const facts = make("dl", {});
    const fact = (label, value) => value && facts.append(make("div", {}, make("dt", {textContent: label}), chinese("dd", value)));
    fact(words.project, award[at.name]);
    fact(words.buyer, award[at.buyer]);
    fact(words.suppliers, joined(award[at.suppliers]));
    fact(words.vendor, joined(award[at.vendors]));
    fact(words.script_number, award[at.number]);
    fact(words.script_key, award[at.key]);
    const explain = make("p", {className: "explain"}, `${words.script_explain}: `, make("code", {textContent: `tenders explain ${award[at.key]}`}));
    const cell = make("td", {colSpan: HEADS.length}, facts, lots(award), notices(award), evidence(award), explain);
    return make("tr", {className: "detail"}, cell);
  }
  function lots(award) {
    const head = [words.script_lot, words.script_state, words.suppliers, words.yuan]
      .map((label, place) => make("th", {scope: "col", className: place === 3 ? "n" : "", textContent: label}));
    const rows = award[at.lots].map(([no, name, state, counted, amount, source, suppliers]) => make("tr", {},
      chinese("td", [no, name].filter(Boolean).join(" ")),
      make("td", {textContent: page.codes.lot_state[state] + (counted ? ` · ${words.script_counts}` : "")}), chinese("td", joined(suppliers)),
      make("td", {className: "n", textContent: amount === null ? words.script_undisclosed : `${money.format(amount)}`,
        title: source === null ? "" : page.codes.kind[source] ?? source})));
    return make("div", {className: "scroll"}, make("table", {},
      make("caption", {textContent: words.script_lots}), make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)));
  }
  function notices(award) {
    const items = award[at.notices].map(([key, kind, day, title, url]) => {
      const label = notice(url, title ?? key);
      if (!page.chinese) label.lang = "zh-CN";
      return make("li", {}, `${day ?? "—"} ${coded("kind", kind)} `, label, make("span", {className: "quiet", textContent: ` ${key}`}));
    });
    return make("div", {}, make("h4", {textContent: words.script_notices}), make("ol", {}, ...items));
  }
  function evidence(award) {
    const items = [];
    Object.entries(page.fields).forEach(([, label], place) => {
      for (const [from, quotes, rules] of award[at.evidence][place] ?? []) {
        const line = make("li", {}, make("b", {textContent: `${label} `}));
        (quotes ?? []).forEach((word) => line.append(chinese("q", word), " "));
        const key = award[at.notices][from]?.[0];
        const origin = [key, rules && rules.length ? `${words.script_rules}: ${rules.join(", ")}` : null].filter(Boolean).join(" · ");
        line.append(make("span", {className: "quiet", textContent: origin}));
        items.push(line);
      }
    });
    for (const decision of award[at.decided] ?? []) {
      const why = [decision.field, decision.value, decision.reviewer, decision.reviewed_at, decision.note].flat().filter(Boolean).join(" · ");
      items.push(make("li", {}, make("b", {textContent: `${words.script_decided} `}), why));
    }
    return items.length ? make("div", {}, make("h4", {textContent: words.script_words}), make("ul", {className: "words"}, ...items)) : null;
  }

  function draw(all = false) {
    const pages = Math.max(1, Math.ceil(found.length / ROWS));
    number = Math.min(Math.max(1, number), pages);
    const shown = all ? found.slice(0, PRINTED) : found.slice((number - 1) * ROWS, number * ROWS);
    body.replaceChildren(...shown.flatMap(row));
    if (!found.length) {
      const gone = wanted.award ? filled(words.script_not_here, {key: wanted.award}) : words.script_none;
      body.append(make("tr", {}, make("td", {colSpan: HEADS.length, className: "quiet", textContent: gone})));
    }
    status.textContent = sum(found) + (all && found.length > PRINTED ? ` (${filled(words.script_print, {n: integer.format(PRINTED)})})` : "");
    const turn = (label, by, off) => {
      const button = make("button", {type: "button", textContent: label, disabled: off});
      button.addEventListener("click", () => { number += by; draw(); status.scrollIntoView({block: "start"}); });
      return button;
    };
    pager.replaceChildren(turn(words.script_previous, -1, number === 1),
      make("span", {textContent: filled(words.script_page, {n: integer.format(number), m: integer.format(pages)})}),
      turn(words.script_next, 1, number === pages));
    pager.hidden = pages === 1;
  }
  function choose() {
    found = awards.filter(fits).sort((a, b) => ORDERS[order][1](a, b) || (a[at.key] < b[at.key] ? -1 : 1));
    if (wanted.award) open.add(wanted.award);
    for (const [name, control] of Object.entries(controls)) control.value = name === "order" ? order : wanted[name] ?? "";
    for (const head of heads) {
      const sorted = {amount: "descending", day: "descending", up: "ascending", name: "ascending", buyer: "ascending"}[order];
      const mine = head.dataset.order === order || (head.dataset.order === "amount" && order === "up");
      if (mine) head.setAttribute("aria-sort", sorted); else head.removeAttribute("aria-sort");
    }
    clear.hidden = !Object.entries(wanted).some(([name, value]) => value && (name !== "month" || value !== page.period));
    draw();
  }
  function remember() {
    const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
    history.replaceState(null, "", `#awards?${query}`);
  }
  function follow() {
    if (!location.hash.startsWith("#awards?")) return false;
    const query = new URLSearchParams(location.hash.slice(8));
    wanted = Object.fromEntries([...FILTERS, "q"].map((name) => [name, query.get(name) ?? ""]));
    number = 1;
    choose();
    return true;
  }

  // --- controls -------------------------------------------------------------------------------------------------------
  function picker(name, label, options) {
    const select = make("select", {id: `by-${name}`}, ...options.map(([value, text]) => make("option", {value, textContent: text})));
    select.addEventListener("change", () => {
      if (name === "order") order = select.value;
      else { wanted[name] = select.value; wanted.award = ""; }
      number = 1;
      choose();
      remember();
    });
    controls[name] = select;
    return make("p", {className: `by-${name}`}, make("label", {htmlFor: select.id, textContent: label}), select);
  }
  function options(kind, values) {
    const counts = new Map();
    for (const award of awards) for (const value of values(award)) counts.set(value, (counts.get(value) ?? 0) + 1);
    const listed = [...counts].sort((a, b) => b[1] - a[1] || compare(a[0], b[0]));
    return [["", words.script_all], ...listed.map(([value]) => [value ?? "none", kind === "vendor" ? value : coded(kind, value)])];
  }
  const search = make("input", {type: "search", id: "by-q", autocomplete: "off", spellcheck: false});
  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { wanted.q = search.value.trim(); wanted.award = ""; number = 1; choose(); remember(); }, 120);
  });
  const clear = make("button", {type: "button", className: "clear", textContent: words.script_clear, hidden: true});
  clear.addEventListener("click", () => {
    wanted = {month: page.period}; open.clear(); number = 1; search.value = "";
    choose(); remember(); search.focus();
  });
  const form = make("form", {role: "search", className: "filters"},
    make("p", {className: "by-q"}, make("label", {htmlFor: "by-q", textContent: words.script_search}), search),
    picker("month", words.script_month, [...Object.keys(page.periods), ...page.months].map((name) => [name, name]).concat([["", words.script_all]])),
    ...["type", "sector", "province"].map((kind) => picker(kind, words[kind], options(kind, (award) => [award[at[kind]]]))),
    picker("vendor", words.vendor, options("vendor", (award) => new Set(award[at.lots].flatMap((lot) => (lot[3] ? lot[7] : []))))),
    picker("disclosed", words.script_disclosed, [["", words.script_all], ["yes", words.script_yes], ["no", words.script_no]]),
    picker("order", words.script_sort, Object.entries(ORDERS).map(([name, [label]]) => [name, label])), clear);
  form.addEventListener("submit", (event) => event.preventDefault());
  controls.q = search;
  const heads = HEADS.map(([name, by]) => {
    const head = make("th", {scope: "col", className: name === "yuan" ? "n" : ""});
    if (!by) { head.textContent = words[name]; return head; }
    const button = make("button", {type: "button", textContent: words[name]});
    button.addEventListener("click", () => {
      order = by === "amount" && order === "amount" ? "up" : by;
      number = 1;
      choose();
    });
    head.dataset.order = by;
    head.append(button);
    return head;
  });
  const caption = document.getElementById("awards-head").textContent;
  document.getElementById("list").append(form, status,
    make("table", {className: "bare cards awards"}, make("caption", {textContent: caption}), make("thead", {}, make("tr", {}, ...heads)), body), pager);

  // --- moving about ---------------------------------------------------------------------------------------------------
  const arrive = () => {
    const head = document.getElementById("awards-head");
    head.tabIndex = -1;
    head.focus({preventScroll: true});
    head.scrollIntoView();
  };
  window.addEventListener("hashchange", () => { if (follow()) arrive(); });
  // The same figure clicked again changes no address, and still leads to its awards.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#awards?"]');
    if (link && link.getAttribute("href") === location.hash && follow()) arrive();
  });
  // On paper nothing can be opened: the tables behind the charts are printed, and more of the list.
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const box of closed) box.open = true;
    draw(true);
  });
  window.addEventListener("afterprint", () => {
    for (const box of closed) box.open = false;
    draw();
  });
  // --- the tables that the page came with: sorted by a heading, a long one cut, a wide one scrolled by keyboard ---------
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
    const button = make("button", {type: "button", className: "rest", textContent: filled(words.script_rest, {m: rest})});
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

  wanted = {month: page.period};
  if (follow()) arrive(); else choose();
})();
