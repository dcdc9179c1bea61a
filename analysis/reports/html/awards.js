"use strict";
// The list of awards: of those in the page, or of those in the files that awardsIndex names, which are loaded as they
// are needed. Text of notices only ever becomes text: nothing here writes HTML.
(() => {
  const {page, awards} = JSON.parse(document.getElementById("data").textContent);
  const words = page.words;
  const at = Object.fromEntries(page.names.map((name, place) => [name, place]));
  const PRINTED = 200, AT_ONCE = 4, REDRAWN_MS = 150;
  const FILTERS = ["month", "day", "type", "sector", "province", "vendor", "buyer", "disclosed", "award", "q"];
  const ORDERS = {
    amount: [words.script_sort_amount, (a, b) => cents(b) - cents(a)],
    up: [words.script_sort_up, (a, b) => priced(a) - priced(b) || cents(a) - cents(b)],
    day: [words.script_sort_day, (a, b) => (a[at.day] < b[at.day] ? 1 : a[at.day] > b[at.day] ? -1 : cents(b) - cents(a))],
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
  // {n} is the number n, {n=award|awards} the word that fits it.
  const filled = (text, values) => text
    .replace(/\{(\w+)=([^{}|]*)\|([^{}|]*)\}/g, (_, name, one, many) => String(values[name]) === "1" ? one : many)
    .replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const joined = (names) => names.join(page.chinese ? "、" : "; ");
  const coded = (kind, code) => (code === null ? page.none : page.codes[kind][code] ?? code);

  let wanted = {}, order = page.order, number = 1, found = [];
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

  // --- where the awards are -------------------------------------------------------------------------------------------
  // Each shelf has its months, the newest first, and what it knows of them without loading their awards.
  const shelf = awards ? pageShelf() : fileShelf(self.awardsIndex);

  function pageShelf() {
    const rows = new Map(page.months.map((month) => [month, []]));
    for (const award of awards) rows.get(award[at.month])?.push(award);
    const counts = (values) => {
      const seen = new Map();
      for (const award of awards) for (const value of values(award)) seen.set(value ?? "none", (seen.get(value ?? "none") ?? 0) + 1);
      return seen;
    };
    return {
      months: page.months,
      rows: (month) => rows.get(month),
      load: async () => {},
      open: async () => {},
      mayHold: () => true,
      totals: null,
      counts: (kind) => counts(kind === "vendor" ? (award) => award[at.won].map(([name]) => name) : (award) => [award[at[kind]]]),
    };
  }
  function fileShelf(index) {
    const rows = new Map(), loading = new Map(), arrived = new Map();
    const places = new Map(index.months.map((month, place) => [month.month, place]));
    self.awardsFile = (name, content) => arrived.set(name, content);
    function read(file) {
      if (!loading.has(file)) {
        loading.set(file, new Promise((resolve, reject) => {
          const name = file.split("?")[0];
          const script = make("script", {src: page.files + file});
          script.onload = () => (arrived.has(name) ? resolve(arrived.get(name)) : reject(new Error(name)));
          script.onerror = () => { loading.delete(file); reject(new Error(name)); };
          document.head.append(script);
        }));
      }
      return loading.get(file);
    }
    return {
      months: index.months.map(({month}) => month),
      rows: (month) => rows.get(month),
      load: async (month) => {
        const content = await read(index.months[places.get(month)].file);
        content.forEach((award, place) => { award.part = Math.floor(place / index.part); award.place = place % index.part; });
        rows.set(month, content);
      },
      open: async (award) => {
        const part = await read(index.months[places.get(award[at.month])].parts[award.part]);
        if (award.length < page.names.length) award.push(...part[award.place]);
      },
      mayHold: (month, asked) => ["type", "sector", "province", "vendor"]
        .every((kind) => !asked[kind] || index[kind][asked[kind]]?.[places.get(month)]),
      totals: (month) => index.months[places.get(month)],
      counts: (kind) => new Map(Object.entries(index[kind]).map(([code, counts]) => [code, counts.reduce((all, count) => all + count, 0)])),
    };
  }

  // --- what is wanted -------------------------------------------------------------------------------------------------
  function haystack(award) {
    let text = searched.get(award);
    if (text === undefined) {
      const texts = [award[at.name], award[at.number], award[at.buyer], award[at.key], ...award[at.suppliers], ...award[at.won].map(([name]) => name)];
      searched.set(award, text = fold(texts.filter(Boolean).join("\n")));
    }
    return text;
  }
  const is = (value, asked) => (value ?? "none") === asked;
  const hasWords = (text, asked) => fold(asked).split(/\s+/).every((word) => text.includes(word));
  function fits(award) {
    if (wanted.award) return award[at.key] === wanted.award;
    return (!wanted.day || award[at.day] === wanted.day)
      && (!wanted.type || is(award[at.type], wanted.type))
      && (!wanted.sector || is(award[at.sector], wanted.sector))
      && (!wanted.province || is(award[at.province], wanted.province))
      && (!wanted.vendor || won(award, wanted.vendor) !== undefined)
      && (!wanted.disclosed || (award[at.amount] !== null) === (wanted.disclosed === "yes"))
      && (!wanted.buyer || hasWords(fold(award[at.buyer] ?? ""), wanted.buyer))
      && (!wanted.q || hasWords(haystack(award), wanted.q));
  }
  // A vendor group that won a lot of an award, with the price of its lots: as the rankings count.
  const won = (award, vendor) => award[at.won].find(([name]) => name === vendor);
  const monthsOf = (period) => page.periods[period] ?? [period];
  function wantedMonths() {
    if (wanted.award) {
      const first = wanted.month ? monthsOf(wanted.month) : [];
      return [...first.filter((month) => shelf.months.includes(month)), ...shelf.months.filter((month) => !first.includes(month))];
    }
    const months = wanted.day ? [wanted.day.slice(0, 7)] : wanted.month ? monthsOf(wanted.month) : shelf.months;
    return shelf.months.filter((month) => months.includes(month) && shelf.mayHold(month, wanted));
  }
  // Someone who only turns pages day by day needs the months that are shown, and no other.
  const isBrowsing = () => shelf.totals && order === "day" && FILTERS.every((name) => name === "month" || !wanted[name]);
  function sum(list, months) {
    let awardsCount = list.length, disclosed = 0, total = 0;
    if (isBrowsing()) {
      awardsCount = 0;
      for (const month of months.map(shelf.totals)) { awardsCount += month.awards; disclosed += month.disclosed; total += month.cents; }
    } else {
      for (const award of list) {
        const amount = wanted.vendor && !wanted.award ? won(award, wanted.vendor)[1] : award[at.amount];
        if (amount !== null) { disclosed += 1; total += Math.round(amount * 100); }
      }
    }
    const text = filled(words.script_found, {n: integer.format(awardsCount), d: integer.format(disclosed), a: money.format(total / 100)});
    return [awardsCount, text];
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
    const first = award[at.notices]?.[0];
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
    const show = () => { if (open.has(award[at.key]) && !made.nextElementSibling?.matches(".detail")) made.after(details(award)); };
    name.addEventListener("click", () => {
      if (open.delete(award[at.key])) made.nextElementSibling?.matches(".detail") && made.nextElementSibling.remove();
      else { open.add(award[at.key]); whenOpened(award, show); }
      name.setAttribute("aria-expanded", String(open.has(award[at.key])));
    });
    if (isOpen && isComplete(award)) return [made, details(award)];
    if (isOpen) whenOpened(award, show);
    return [made];
  }
  const isComplete = (award) => award.length === page.names.length;
  function whenOpened(award, show) {
    if (isComplete(award)) show();
    else shelf.open(award).then(show, () => { status.textContent = words.script_failed; });
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
    const [total, text] = sum(found, months);
    const pages = Math.max(1, Math.ceil(total / page.rows));
    number = Math.min(Math.max(1, number), pages);
    const shown = all ? found.slice(0, PRINTED) : found.slice((number - 1) * page.rows, number * page.rows);
    const isReading = done < toRead;
    body.replaceChildren(...(order === "day" ? byDay(shown) : shown.flatMap(row)));
    if (!found.length) {
      const gone = isReading ? words.script_reading : wanted.award ? filled(words.script_not_here, {key: wanted.award}) : words.script_none;
      body.append(make("tr", {}, make("td", {colSpan: HEADS.length, className: "quiet", textContent: filled(gone, {n: done, m: toRead})})));
    }
    const notes = [all && found.length > PRINTED ? filled(words.script_print, {n: integer.format(PRINTED)}) : "",
      isReading && found.length ? filled(words.script_reading, {n: done, m: toRead}) : ""].filter(Boolean);
    status.textContent = failed ? words.script_failed : text + (notes.length ? ` (${notes.join("; ")})` : "");
    const turn = (label, by, off) => {
      const button = make("button", {type: "button", textContent: label, disabled: off});
      button.addEventListener("click", () => { number += by; read(); status.scrollIntoView({block: "start"}); });
      return button;
    };
    pager.replaceChildren(turn(words.script_previous, -1, number === 1),
      make("span", {textContent: filled(words.script_page, {n: integer.format(number), m: integer.format(pages)})}),
      turn(words.script_next, 1, number === pages));
    pager.hidden = pages === 1;
  }
  const weekday = new Intl.DateTimeFormat(page.chinese ? "zh-CN" : "en-GB", {weekday: "long", timeZone: "UTC"});
  const weekdayOf = (day) => weekday.format(new Date(`${day}T00:00:00Z`));
  function byDay(shown) {
    const counts = new Map();
    for (const award of found) counts.set(award[at.day], (counts.get(award[at.day]) ?? 0) + 1);
    let last = "";
    return shown.flatMap((award) => {
      const day = award[at.day];
      if (day === last) return row(award);
      last = day;
      const head = make("th", {colSpan: HEADS.length, scope: "rowgroup"}, `${day} ${weekdayOf(day)} `,
        make("span", {className: "quiet", textContent: filled(words.script_of_day, {n: integer.format(counts.get(day))})}));
      return [make("tr", {className: "daybreak"}, head), ...row(award)];
    });
  }

  // --- choosing and reading -------------------------------------------------------------------------------------------
  let months = [], fitting = new Map(), choice = 0, done = 0, toRead = 0, failed = false, redrawn = 0;

  function gather() {
    found = months.flatMap((month) => fitting.get(month) ?? []).sort((a, b) => ORDERS[order][1](a, b) || (a[at.key] < b[at.key] ? -1 : 1));
    redrawn = performance.now();
    draw();
  }
  function take(month) {
    if (!fitting.has(month)) fitting.set(month, shelf.rows(month).filter(fits));
  }
  const hasEnough = () => (isBrowsing() && found.length >= number * page.rows) || (wanted.award && found.length > 0);
  // Awards that are there are shown at once. The files of other months are read, a few at a time, and shown as they come.
  function read() {
    const mine = ++choice;
    for (const month of months) if (shelf.rows(month)) take(month);
    const waiting = months.filter((month) => !fitting.has(month));
    [toRead, done, failed] = [months.length, months.length - waiting.length, false];
    gather();
    async function next() {
      while (mine === choice && waiting.length && !hasEnough()) {
        const month = waiting.shift();
        try { await shelf.load(month); } catch { failed = true; }
        if (mine !== choice) return;
        done += 1;
        if (shelf.rows(month)) take(month);
        const isFirst = found.length === 0 && fitting.get(month)?.length;
        if (isFirst || isBrowsing() || done === toRead || performance.now() - redrawn > REDRAWN_MS) gather();
      }
      if (mine === choice && hasEnough() && done < toRead) { toRead = done; draw(); }
    }
    for (let lane = 0; lane < (isBrowsing() || wanted.award ? 1 : AT_ONCE); lane++) next();
  }
  function choose() {
    months = wantedMonths();
    fitting = new Map();
    if (wanted.award) open.add(wanted.award);
    for (const [name, control] of Object.entries(controls)) {
      const isTypedIn = control.type === "search" && control === document.activeElement;  // and may end with a space
      if (!isTypedIn) control.value = name === "order" ? order : wanted[name] ?? "";
    }
    for (const head of heads) {
      const sorted = {amount: "descending", day: "descending", up: "ascending", name: "ascending", buyer: "ascending"}[order];
      const mine = head.dataset.order === order || (head.dataset.order === "amount" && order === "up");
      if (mine) head.setAttribute("aria-sort", sorted); else head.removeAttribute("aria-sort");
    }
    clear.hidden = !Object.entries(wanted).some(([name, value]) => value && (name !== "month" || value !== page.period));
    drawDays();
    read();
  }
  function remember() {
    const query = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
    history.replaceState(null, "", `#awards?${query}`);
  }
  function follow() {
    if (!location.hash.startsWith("#awards?")) return false;
    const query = new URLSearchParams(location.hash.slice(8));
    wanted = Object.fromEntries(FILTERS.map((name) => [name, query.get(name) ?? ""]));
    number = 1;
    choose();
    return true;
  }

  // --- controls -------------------------------------------------------------------------------------------------------
  function picker(name, label, options) {
    const select = make("select", {id: `by-${name}`}, ...options.map(([value, text]) => make("option", {value, textContent: text})));
    select.addEventListener("change", () => {
      if (name === "order") order = select.value;
      else { wanted[name] = select.value; wanted.award = ""; if (name === "month") wanted.day = ""; }
      number = 1;
      choose();
      remember();
    });
    controls[name] = select;
    return make("p", {className: `by-${name}`}, make("label", {htmlFor: select.id, textContent: label}), select);
  }
  function options(kind) {
    const listed = [...shelf.counts(kind)].sort((a, b) => b[1] - a[1] || compare(a[0], b[0]));
    return [["", words.script_all], ...listed.map(([value]) => [value, kind === "vendor" ? value : coded(kind, value === "none" ? null : value)])];
  }
  let typing = 0;
  function typed(name, label, type) {
    const box = make("input", {type, id: `by-${name}`, autocomplete: "off", spellcheck: false});
    box.addEventListener("input", () => {
      Object.assign(wanted, {[name]: box.value.trim(), award: ""});
      clearTimeout(typing);
      typing = setTimeout(() => { number = 1; choose(); remember(); }, 120);
    });
    controls[name] = box;
    return make("p", {className: `by-${name}`}, make("label", {htmlFor: box.id, textContent: label}), box);
  }
  // Days of one month as buttons, each with the number of its awards. Only an index knows them before they are loaded.
  const days = make("div", {className: "days"});
  function drawDays() {
    if (!shelf.totals || wanted.award || !shelf.months.length) { days.hidden = true; return; }
    const shown = wanted.day ? wanted.day.slice(0, 7) : monthsOf(wanted.month || shelf.months[0]).findLast((month) => shelf.months.includes(month));
    days.hidden = !shown || !shelf.months.includes(shown);
    if (days.hidden) return;
    const place = shelf.months.indexOf(shown), {days: counts} = shelf.totals(shown);
    const step = (label, month) => {
      const button = make("button", {type: "button", textContent: label, disabled: !month, className: "step"});
      button.addEventListener("click", () => { Object.assign(wanted, {month, day: ""}); number = 1; choose(); remember(); });
      return button;
    };
    const [year, month] = shown.split("-").map(Number), most = Math.max(...Object.values(counts));
    const blanks = (new Date(Date.UTC(year, month - 1, 1)).getUTCDay() + 6) % 7;
    const cells = Array.from({length: blanks}, () => make("span", {}));
    for (let day = 1; day <= new Date(Date.UTC(year, month, 0)).getUTCDate(); day++) {
      const text = `${shown}-${String(day).padStart(2, "0")}`, count = counts[text] ?? 0;
      if (!count) { cells.push(make("span", {className: "none"}, make("b", {textContent: day}))); continue; }
      const button = make("button", {type: "button", className: `s${Math.ceil(count / most * 4)}`}, make("b", {textContent: day}), make("small", {textContent: integer.format(count)}));
      button.setAttribute("aria-pressed", String(wanted.day === text));
      button.setAttribute("aria-label", `${text} ${weekdayOf(text)} ${filled(words.script_of_day, {n: integer.format(count)})}`);
      button.addEventListener("click", () => {
        Object.assign(wanted, {day: wanted.day === text ? "" : text, month: wanted.day === text ? shown : "", award: ""});
        number = 1; choose(); remember();
      });
      cells.push(button);
    }
    const heads = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-06", "2024-01-07"]
      .map((day) => make("i", {"aria-hidden": "true", textContent: page.chinese ? weekdayOf(day).slice(-1) : weekdayOf(day).slice(0, 2)}));
    days.replaceChildren(make("p", {className: "month"}, step("‹", shelf.months[place + 1] ?? ""), make("b", {textContent: page.labels[shown] ?? shown}),
      step("›", shelf.months[place - 1] ?? "")), make("div", {className: "grid", role: "group", "aria-label": words.script_days}, ...heads, ...cells));
    days.querySelectorAll(".step").forEach((button, side) => button.setAttribute("aria-label", side ? words.script_next_month : words.script_previous_month));
  }
  const clear = make("button", {type: "button", className: "clear", textContent: words.script_clear, hidden: true});
  clear.addEventListener("click", () => {
    wanted = {month: page.period}; open.clear(); number = 1;
    choose(); remember(); controls.q.focus();
  });
  const named = (name) => [name, page.labels?.[name] ?? name];
  const form = make("form", {role: "search", className: "filters"},
    typed("q", words.script_search, "search"),
    picker("month", words.script_month, [["", words.script_all], ...[...Object.keys(page.periods), ...shelf.months].map(named)]),
    ...(shelf.totals ? [typed("day", words.day, "date")] : []),
    ...["type", "sector", "province"].map((kind) => picker(kind, words[kind], options(kind))),
    picker("vendor", words.vendor, options("vendor")),
    ...(shelf.totals ? [typed("buyer", words.buyer, "search")] : []),
    picker("disclosed", words.script_disclosed, [["", words.script_all], ["yes", words.script_yes], ["no", words.script_no]]),
    picker("order", words.script_sort, Object.entries(ORDERS).map(([name, [label]]) => [name, label])), clear);
  form.addEventListener("submit", (event) => event.preventDefault());
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
  document.getElementById("list").append(form, days, status,
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
  // Nothing can be opened on paper: more of the list is printed.
  window.addEventListener("beforeprint", () => draw(true));
  window.addEventListener("afterprint", () => draw());

  wanted = {month: page.period};
  if (follow()) arrive(); else choose();
})();
