"use strict";
// What the page can do beyond being read: search, filter, sort, fold, copy. All controls are made here, so a page whose script
// does not run shows none. It reads and sets text, never markup, asks for nothing and keeps nothing, not even in the address.
(() => {
  const OUTCOMES = { yes: "done", unknown: "if assumptions hold", no: "not done" };
  const SEVERITIES = ["critical", "high", "medium", "low", "info"];
  const MOST_MARKED = 3000;
  const POWERS = { k: 1, m: 2, g: 3, t: 4 };
  const place = document.getElementById("controls");
  const report = document.getElementById("report");
  const find = (selector) => [...report.querySelectorAll(selector)];
  const make = (name, set, ...inside) => {
    const made = Object.assign(document.createElement(name), set);
    made.append(...inside);
    return made;
  };

  // Units are what is searched: findings, events, rows, values to check, and passages, which are what is left of a section.
  // Those of a group (a run of events, a story) are all found where the words stand in it, those of a table, a fold or a
  // section where they stand in its head.
  const isEvent = (one) => /^e\d+$/.test(one.id);
  const isUnit = (one) => isEvent(one) || !one.matches("tr") || !one.closest(".event, .finding, .check, .topic, .on-paper");
  const KINDS = { "#settings tr": "settings", tr: "other rows", ".check": "values to check" };
  const kindOf = (unit) => {
    if (isEvent(unit)) return "events";
    if (unit.matches(".finding")) return "findings";
    return KINDS[Object.keys(KINDS).find((one) => unit.matches(one))] ?? "passages";
  };
  const PASSAGES = "section > :is(p, .halt, .origins, .order), section > :is(ul, ol):not(.tree, .stories, .order, .line) > li, .topic, .tree li, .event.left";
  const units = find(`.finding, tbody tr, .event[id], .check, ${PASSAGES}`).filter((one) => isUnit(one) && !one.matches(".step > p"));
  const unlisted = find("[id^=e]:empty").filter(isEvent).length; // a long list tells the rest of it by number only
  const holders = new Map();
  for (const unit of units) {
    for (let one = unit.parentElement; one !== report; one = one.parentElement) {
      if (!one.matches(".event, .rule, .story, table, details, section")) continue;
      if (!holders.has(one)) holders.set(one, []);
      holders.get(one).push(unit);
    }
  }
  const texts = new Map();
  const ownText = (one) => (one.matches(".tree li") ? [...one.children].filter((part) => !part.matches("ul")).map((part) => part.textContent).join(" ") : one.textContent);
  const textOf = (one) => texts.get(one) ?? texts.set(one, ownText(one).toLowerCase()).get(one);
  const headOf = (holder) => [...holder.querySelectorAll(":scope > :is(caption, summary, h2, h3, .about)")].map((one) => one.textContent).join(" ").toLowerCase();
  const insideOf = (fold) => textOf(fold).slice(fold.querySelector("summary").textContent.length);
  const refused = new Set();
  const opened = new Set();

  const marksOf = (unit) => {
    const rule = unit.closest(".rule");
    const marked = rule ? (rule.querySelector(":scope > .which > .severity") ?? rule.closest(".story")) : unit.closest(".event");
    return marked ? [...marked.classList] : [];
  };

  function filter() {
    const wanted = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = (text) => wanted.every((word) => text.includes(word));
    const hits = new Set(units.filter((unit) => has(textOf(unit))));
    for (const [holder, inside] of holders) {
      if (inside.some((unit) => hits.has(unit))) continue;
      if (has(holder.matches(".event, .rule, .story") ? textOf(holder) : headOf(holder))) inside.forEach((unit) => hits.add(unit));
    }
    const counts = { findings: [0, 0], events: [0, 0], settings: [0, 0], "other rows": [0, 0], "values to check": [0, 0], passages: [0, 0] };
    const shown = new Set(units.filter((unit) => hits.has(unit) && !marksOf(unit).some((mark) => refused.has(mark))));
    for (const unit of units) {
      const count = counts[kindOf(unit)];
      count[0] += shown.has(unit);
      count[1] += 1;
      unit.classList.toggle("off", !shown.has(unit));
    }
    for (const branch of find(".tree li").reverse()) branch.classList.toggle("off", !shown.has(branch) && !branch.querySelector("li:not(.off)"));
    for (const [holder, inside] of holders) holder.classList.toggle("off", !inside.some((unit) => shown.has(unit)));
    find(".pictures").forEach((one) => one.classList.toggle("off", wanted.length > 0)); // the same is told as text
    hideHeadings();
    openFolds(wanted, shown);
    markHits(wanted);
    const isWhole = shown.size === units.length;
    const number = (one) => one.toLocaleString("en");
    const told = Object.entries(counts).filter(([, [some]]) => some).map(([kind, [some, all]]) => `${number(some)} of ${number(all)} ${kind}`);
    const rest = unlisted && wanted.length ? ` ${number(unlisted)} events are not listed on this page: search the JSON for them.` : "";
    status.textContent = isWhole ? "All is shown." : `${shown.size ? `Shown: ${told.join(", ")}.` : "Nothing has these words and marks."}${rest}`;
  }

  // A heading below which nothing is left goes with it.
  const stands = (one) => !one.matches(".off") && (!one.matches("ul, ol") || [...one.children].some((item) => !item.matches(".off")));
  function hideHeadings() {
    for (const section of report.children) {
      let isLeft = false;
      for (const one of [...section.children].reverse()) {
        const isHeading = one.matches("h3");
        if (isHeading) one.classList.toggle("off", !isLeft);
        isLeft = !isHeading && (isLeft || stands(one));
      }
    }
  }

  // A fold is opened where a hit lies in it, and folded again when it does not any more. Of several words one that stands
  // in the fold alone is enough.
  const besides = (fold) => [...fold.parentElement.childNodes].map((one) => (one.nodeName === "DETAILS" ? "" : one.textContent)).join(" ").toLowerCase();
  const holdsHit = (fold, wanted) => {
    const inside = insideOf(fold);
    const held = wanted.filter((word) => inside.includes(word));
    return held.length === wanted.length || (held.length > 0 && ((outside) => held.some((word) => !outside.includes(word)))(besides(fold)));
  };
  function openFolds(wanted, shown) {
    const due = new Set();
    for (const fold of wanted.length ? find("details") : []) {
      if (fold.closest(".off")) continue;
      if (holders.get(fold)?.some((unit) => shown.has(unit)) || holdsHit(fold, wanted)) due.add(fold);
    }
    for (const fold of opened) if (!due.has(fold)) (fold.open = false), opened.delete(fold);
    for (const fold of due) if (!fold.open) (fold.open = true), opened.add(fold);
  }

  // The words are marked where the browser can do that without a change to the page.
  function markHits(wanted) {
    if (!globalThis.CSS?.highlights) return;
    const ranges = [];
    const walker = document.createTreeWalker(report, NodeFilter.SHOW_TEXT);
    while (wanted.length && ranges.length < MOST_MARKED && walker.nextNode()) {
      const node = walker.currentNode;
      const text = node.data.toLowerCase();
      if (text.length !== node.data.length || !wanted.some((word) => text.includes(word)) || node.parentElement.closest(".off")) continue;
      for (const word of wanted) {
        for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
          ranges.push(new StaticRange({ startContainer: node, startOffset: at, endContainer: node, endOffset: at + word.length }));
        }
      }
    }
    CSS.highlights.set("hit", new Highlight(...ranges));
  }

  function clear() {
    box.value = "";
    refused.clear();
    place.querySelectorAll("input[type=checkbox]").forEach((one) => (one.checked = true));
    filter();
  }

  // Fields and buttons.
  const button = (said, act) => {
    const made = make("button", { type: "button" }, said);
    made.addEventListener("click", act);
    return made;
  };
  const box = make("input", { type: "search", autocomplete: "off", spellcheck: false });
  const status = make("p", { role: "status" });
  const choice = (legend, marks) => {
    const boxes = marks.map(([mark, said]) => {
      const one = make("input", { type: "checkbox", checked: true, value: mark, autocomplete: "off" });
      one.addEventListener("change", () => (one.checked ? refused.delete(mark) : refused.add(mark), filter()));
      return make("label", {}, one, said);
    });
    return make("fieldset", {}, make("legend", {}, legend), ...boxes);
  };
  const present = new Set(units.flatMap(marksOf));
  const choices = [
    ["Findings", SEVERITIES.filter((one) => present.has(one)).map((one) => [one, one])],
    ["Events", Object.entries(OUTCOMES).filter(([one]) => present.has(one))],
  ];
  const setAll = (isOpen) => () => {
    opened.clear();
    find("details").forEach((one) => (one.open = isOpen));
  };
  let waiting = 0;
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  place.addEventListener("keydown", (event) => event.key === "Escape" && clear());
  const fields = choices.filter(([, marks]) => marks.length > 1).map(([legend, marks]) => choice(legend, marks));
  place.append(
    make("label", {}, make("span", {}, "Search"), box),
    ...(fields.length ? [make("details", {}, make("summary", {}, "Filter"), make("div", {}, ...fields))] : []),
    button("Open all", setAll(true)),
    button("Close all", setAll(false)),
    button("Show all", clear),
    status,
  );

  // Tables are sorted by value: up, down, as they were.
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const valueOf = (text) => {
    const size = /^(-?\d[\d,]*(?:\.\d+)?) ?(?:([kmgt])i?b\b|bytes?\b|$)/i.exec(text);
    if (size) return Number(size[1].replaceAll(",", "")) * 1024 ** (POWERS[size[2]?.toLowerCase()] ?? 0);
    return /^0x[\da-f]+$/i.test(text) ? Number(text) : text;
  };
  const compare = (one, other) => {
    if (one === "" || other === "") return (one === "") - (other === "");
    if (typeof one !== typeof other) return typeof one === "number" ? -1 : 1;
    return typeof one === "number" ? one - other : order.compare(one, other);
  };
  for (const table of find("table:has(thead)")) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    if (rows.length < 2) continue;
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, place) => {
      const sort = () => {
        const next = { ascending: "descending", descending: "none" }[head.ariaSort] ?? "ascending";
        const keyed = rows.map((row) => [valueOf(row.cells[place]?.textContent.trim() ?? ""), row]);
        const sign = next === "descending" ? -1 : 1;
        if (next !== "none") keyed.sort(([one], [other]) => (one === "" || other === "" ? 1 : sign) * compare(one, other));
        heads.forEach((one) => one.removeAttribute("aria-sort"));
        if (next !== "none") head.ariaSort = next;
        body.append(...keyed.map(([, row]) => row));
      };
      head.replaceChildren(button(head.textContent, sort));
    });
  }

  // What is cited can be copied as it is shown. A folded origin gets its buttons when it is opened.
  const CITED = ".cited > li > code, .cited .about, #evidence td code, #settings td code, #findings td code, details[open] td code, .origins[open] li, .fingerprint";
  const copy = async (act, cited) => {
    const told = cited.textContent;
    try {
      await navigator.clipboard.writeText(told);
    } catch {
      getSelection().selectAllChildren(cited);
      document.execCommand("copy");
    }
    act.classList.add("done");
    status.textContent = "Copied.";
    setTimeout(() => act.classList.remove("done"), 1500);
  };
  const offered = new WeakSet();
  const offer = () => {
    for (const cited of find(CITED)) {
      if (offered.has(cited) || cited.closest("summary, details:not([open])") || cited.parentElement.closest(".origins")?.contains(cited.closest("code"))) continue;
      offered.add(cited);
      const act = button("", () => copy(act, cited));
      act.className = "copy";
      act.ariaLabel = `Copy ${cited.textContent.slice(0, 60)}`;
      cited.append(act);
    }
  };
  let offering = 0;
  report.addEventListener("toggle", () => {
    clearTimeout(offering);
    offering = setTimeout(offer);
  }, true);

  // Where a link leads is always shown.
  addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest(".off")) clear();
    for (let one = target.closest("details:not([open])"); one; one = one.parentElement.closest("details:not([open])")) one.open = true;
    target.scrollIntoView();
  });

  offer();
  find("pre").forEach((one) => (one.tabIndex = 0)); // a long dump scrolls
  Object.assign(place, { role: "search", ariaLabel: "What is shown", hidden: false });
})();
