"use strict";
// The report's timeline and its sortable tables. Everything it shows stands in the page already; nothing is fetched.

const { texts, standings, timeline } = JSON.parse(document.getElementById("data").textContent);
const { units, phases, injects, heads, ground, bars } = timeline;
const ZOOMS = [1, 1.5, 2, 3, 4, 6, 8, 12, 16];
const ROW_REM = 1.6;
const TICK_PX = 110;

const filter = { unit: "", phase: "", off: new Set() };
const lanes = [];
let zoom = 0;
let pinned = null;

function make(tag, { text, on = {}, style = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value != null) made.setAttribute(name, value === true ? "" : value);
  }
  if (text !== undefined) made.textContent = text;
  Object.assign(made.style, style);
  for (const [name, heard] of Object.entries(on)) made.addEventListener(name, heard);
  made.append(...children);
  return made;
}

const percent = (share) => `${share * 100}%`;
const fill = (text, gaps) => text.replace(/\{(\w+)\}/g, (gap, name) => gaps[name] ?? gap);

// --- What is shown

function kindsOf(bar) {
  const kinds = [bar.how];
  if (bar.unsure) kinds.push("unsure");
  return kinds;
}

function shows(bar) {
  if (filter.phase !== "" && bar.phase !== Number(filter.phase)) return false;
  return kindsOf(bar).some((kind) => !filter.off.has(kind));
}

function apply() {
  const wanted = filter.unit.trim().toLocaleLowerCase();
  let count = 0;
  for (const lane of lanes) {
    const named = units[lane.unit].some((name) => name.toLocaleLowerCase().includes(wanted));
    lane.shown = named ? lane.bars.filter(shows) : [];
    const nothing = lane.bars.length === 0 && named && filter.phase === "" && filter.off.size === 0;
    lane.element.hidden = lane.shown.length === 0 && !nothing;
    count += lane.shown.length;
    if (lane.drawn) draw(lane);
  }
  counter.textContent = fill(texts.shown, { shown: count, all: bars.length });
  if (pinned && !lanes[pinned.unit].shown.includes(pinned)) unpin();
  watchTabStop();
}

// --- Lanes, each drawn when it comes near the screen: a thousand units are no burden

function draw(lane) {
  const track = lane.element.lastElementChild;
  lane.drawn = true;
  lane.buttons = new Map();
  track.replaceChildren();
  for (const bar of lane.shown) {
    const top = `${bar.row * ROW_REM + 0.1}rem`;
    const button = make(
      "button",
      {
        type: "button",
        class: `bar ${bar.how}`,
        tabindex: "-1",
        "aria-label": `${injects[bar.inject][0]}, ${units[bar.unit][0]}, ${bar.words.filter(Boolean).join(", ")}`,
        "aria-pressed": String(bar === pinned),
        style: { left: percent(bar.from), width: `calc(${percent(bar.to - bar.from)} + 1.2rem)`, top },
        on: {
          click: () => (pinned === bar ? unpin() : pin(bar)),
          focus: () => { moveTabStop(button); show(bar); },
          pointerenter: (event) => { if (event.pointerType === "mouse" && !pinned) show(bar); },
          pointerleave: (event) => { if (event.pointerType === "mouse" && !pinned) hide(); },
        },
      },
      make("i", { class: "mark" }),
    );
    if (bar.unsure) button.append(make("i", { class: "doubt", text: "?" }));
    if (bar.most) button.append(make("i", { class: "most", text: "≤" }));
    track.append(button);
    lane.buttons.set(bar, button);
    if (bar.diamond) {
      const [at, taken, most] = bar.diamond;
      const style = { left: percent(at), top };
      track.append(make("i", { class: taken ? "diamond" : "diamond silent", style }));
      if (most) track.append(make("i", { class: "most decided", text: "≤", style }));
    }
  }
}

function drawn(lane) {
  if (!lane.drawn) draw(lane);
  return lane;
}

const near = new IntersectionObserver(
  (seen) => {
    for (const { isIntersecting, target } of seen) {
      if (isIntersecting && !lanes[target.dataset.lane].drawn) draw(lanes[target.dataset.lane]);
    }
    watchTabStop();
  },
  { rootMargin: "600px" },
);

// --- Details of one answer

const card = make("aside", { class: "card", hidden: true, "aria-label": texts.details });

function show(bar) {
  const [id, words] = injects[bar.inject];
  const [label, name] = units[bar.unit];
  const facts = bar.words.map((value, index) => [heads[index], value]).filter(([, value]) => value);
  card.replaceChildren(
    make("h3", { text: `${bar.mark} ${id} · ${name || label}` }),
    make("p", { text: words }),
    ...bar.more.map((line) => make("p", { text: line })),
    make("dl", {}, ...facts.map(([head, value]) => make("div", {}, make("dt", { text: head }), make("dd", { text: value })))),
    make("button", { type: "button", text: "✕", "aria-label": texts.close, on: { click: unpin } }),
  );
  card.hidden = false;
}

function hide() {
  card.hidden = true;
}

function mark(bar, pressed) {
  lanes[bar.unit].buttons?.get(bar)?.setAttribute("aria-pressed", String(pressed));
}

function pin(bar) {
  if (pinned) mark(pinned, false);
  pinned = bar;
  mark(bar, true);
  show(bar);
}

function unpin() {
  if (pinned) mark(pinned, false);
  pinned = null;
  hide();
}

// --- The keyboard: one stop of the Tab key, arrows within

let tabStop = null;

function moveTabStop(button) {
  if (tabStop) tabStop.tabIndex = -1;
  tabStop = button;
  tabStop.tabIndex = 0;
}

function watchTabStop() {
  if (tabStop?.isConnected && !tabStop.closest("[hidden]")) return;
  tabStop = null;
  const first = lanes.find((lane) => lane.shown.length > 0);
  if (first) moveTabStop(drawn(first).buttons.get(first.shown[0]));
}

function barOf(button) {
  const lane = lanes[button.closest(".lane").dataset.lane];
  const [bar] = [...lane.buttons].find(([, made]) => made === button);
  return { lane, bar };
}

function neighbour(button, key) {
  const { lane, bar } = barOf(button);
  const place = lane.shown.indexOf(bar);
  switch (key) {
    case "ArrowRight": return lane.shown[place + 1];
    case "ArrowLeft": return lane.shown[place - 1];
    case "Home": return lane.shown[0];
    case "End": return lane.shown.at(-1);
    default: {
      const others = key === "ArrowDown" ? lanes.slice(lane.unit + 1) : lanes.slice(0, lane.unit).reverse();
      const other = others.find((candidate) => candidate.shown.length > 0);
      return other?.shown.reduce((best, each) =>
        Math.abs(each.to - bar.to) < Math.abs(best.to - bar.to) ? each : best);
    }
  }
}

function pressed(event) {
  if (event.key === "Escape") unpin();
  else if (event.key === "+" || event.key === "=") zoomTo(zoom + 1);
  else if (event.key === "-") zoomTo(zoom - 1);
  else if (event.key === "0") zoomTo(0);
  else if (/^(Arrow|Home|End)/.test(event.key) && event.target.matches(".bar")) {
    const next = neighbour(event.target, event.key);
    if (next) {
      const button = drawn(lanes[next.unit]).buttons.get(next);
      button.focus({ preventScroll: true });
      button.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  } else return;
  event.preventDefault();
}

// --- Zoom, about the middle of what is seen

function zoomTo(level) {
  const before = (scroller.scrollLeft + scroller.clientWidth / 2) / plan.offsetWidth;
  zoom = Math.min(Math.max(level, 0), ZOOMS.length - 1);
  plan.style.width = percent(ZOOMS[zoom]);
  scroller.scrollLeft = before * plan.offsetWidth - scroller.clientWidth / 2;
}

// --- What stands behind the lanes

function backdrop() {
  const axis = make("div", { class: "axis", "aria-hidden": "true" });
  const behind = make("div", { class: "ground" });
  const across = (left, right) => ({ left: percent(left), width: percent(right - left) });
  for (const [title, left, right] of ground.phases) {
    axis.append(make("span", { class: "phase", text: title, title, style: across(left, right) }));
    behind.append(make("div", { class: "phase", style: across(left, right) }));
  }
  for (const [kind, words, why, left, right] of ground.stops) {
    const text = why ? `${words}: ${why}` : words;
    const sign = left > 0.6 ? { right: percent(1 - right) } : { left: percent(left) };
    axis.append(make("span", { class: `stop ${kind}`, text: words, title: text, style: sign }));
    behind.append(make("div", { class: kind, style: across(left, right) }));
  }
  for (const [left, offset, clock] of ground.ticks) {
    if (ground.end && left > 0.93) continue;
    axis.append(make("span", { class: left ? "tick" : "tick first", text: offset, style: { left: percent(left) } }, make("small", { text: clock })));
    behind.append(make("div", { class: "tick", style: { left: percent(left) } }));
  }
  if (ground.end) {
    axis.append(make("span", { class: "tick last", text: "ENDEX" }, make("small", { text: ground.end })));
  }
  return [axis, behind];
}

// As many moments as there is room for.
function thinOut() {
  const ticks = [...plan.querySelectorAll(".axis .tick:not(.last)")];
  if (ticks.length < 2) return;
  const apart = ticks[1].offsetLeft - ticks[0].offsetLeft;
  const every = Math.ceil(TICK_PX / Math.max(apart, 1));
  for (const [index, tick] of ticks.entries()) tick.style.visibility = index % every ? "hidden" : "";
}

// --- What can be chosen

function labelled(words, field) {
  return make("label", { text: words }, field);
}

function controls() {
  const names = make("datalist", { id: "unit-names" }, ...units.map(([, name]) => make("option", { value: name })));
  const search = make("input", {
    type: "search", list: "unit-names", placeholder: texts.all, autocomplete: "off",
    on: { input: () => { filter.unit = search.value; apply(); } },
  });
  const choice = make(
    "select",
    { on: { change: () => { filter.phase = choice.value; apply(); } } },
    make("option", { value: "", text: texts.all }),
    ...phases.map((title, index) => make("option", { value: index, text: title })),
    ...(bars.some((bar) => bar.phase === -1) ? [make("option", { value: -1, text: texts.no_phase })] : []),
  );
  const zooms = [["−", texts.zoom_out, () => zoomTo(zoom - 1)], ["+", texts.zoom_in, () => zoomTo(zoom + 1)],
    [texts.fit, texts.fit, () => zoomTo(0)]];
  return make(
    "div", { class: "controls" },
    labelled(texts.unit, search), names, labelled(texts.phase, choice),
    ...zooms.map(([text, words, click]) => make("button", { type: "button", text, "aria-label": words, on: { click } })),
  );
}

function choices() {
  const counts = new Map();
  for (const bar of bars) for (const kind of kindsOf(bar)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const order = [...Object.keys(standings), "unsure"].filter((kind) => counts.has(kind));
  return make(
    "fieldset", { class: "choices" }, make("legend", { text: texts.status }),
    ...order.map((kind) => {
      const box = make("input", { type: "checkbox", value: kind, checked: true, on: { change: () => {
        filter.off[box.checked ? "delete" : "add"](kind);
        apply();
      } } });
      const sign = make("i", { class: `mark ${kind}`, text: kind === "unsure" ? "?" : "" });
      return make("label", { class: "choice" }, box, sign, `${standings[kind] ?? texts.unsure} (${counts.get(kind)})`);
    }),
  );
}

function key() {
  const sign = (taken, words) => make("span", {}, make("i", { class: `mark diamond ${taken ? "" : "silent"}` }), words);
  const seen = new Set(bars.filter((bar) => bar.diamond).map((bar) => bar.diamond[1]));
  const signs = [[true, texts.decided], [false, texts.undecided]].filter(([taken]) => seen.has(taken));
  return make("p", { class: "small key" }, ...signs.map(([taken, words]) => sign(taken, words)));
}

const counter = make("p", { class: "small", role: "status" });
const plan = make("div", { class: "plan" }, ...backdrop());
const scroller = make(
  "div",
  { class: "scroller", role: "group", "aria-label": texts.timeline_help, on: { keydown: pressed } },
  plan,
);

for (const [unit, [label, name]] of units.entries()) {
  const element = make("div", { class: "lane", "data-lane": unit },
    make("div", { class: "name", title: name }, make("span", { text: name || label })), make("div", { class: "track" }));
  lanes.push({ unit, element, bars: [], shown: [], drawn: false, buttons: new Map() });
}
for (const bar of bars) lanes[bar.unit].bars.push(bar);
for (const lane of lanes) {
  lane.bars.sort((one, other) => one.from - other.from || one.to - other.to);
  const rows = 1 + Math.max(0, ...lane.bars.map((bar) => bar.row));
  lane.element.lastElementChild.style.height = `${rows * ROW_REM + 0.2}rem`;
  plan.append(lane.element);
  near.observe(lane.element);
}

new ResizeObserver(thinOut).observe(plan);

const place = document.getElementById("explorer");
place.append(controls(), choices(), key(), counter, scroller, make("p", { class: "small", text: texts.timeline_help }), card);
place.hidden = false;
apply();

// --- Tables

function sortBy(table, column, head) {
  const falling = head.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", falling ? "descending" : "ascending");
  const key = (row) => {
    const cell = row.cells[column];
    return cell.dataset.sort === undefined ? cell.textContent : Number(cell.dataset.sort);
  };
  const compare = (one, other) => {
    if (one === other) return 0;
    // What is empty is last, whichever way.
    if (one === "" || other === "") return one === "" ? 1 : -1;
    const order = typeof one === "number" && typeof other === "number"
      ? one - other : String(one).localeCompare(String(other), document.documentElement.lang, { numeric: true });
    return falling ? -order : order;
  };
  const rows = [...table.tBodies[0].rows].map((row) => [key(row), row]);
  rows.sort(([one], [other]) => compare(one, other));
  table.tBodies[0].append(...rows.map(([, row]) => row));
}

for (const table of document.querySelectorAll("table")) {
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = make("button", { type: "button", text: head.textContent, on: { click: () => sortBy(table, column, head) } });
    head.replaceChildren(button);
  }
}

// On paper everything is unfolded, and afterwards as it was.
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details:not([open])")];
  for (const details of unfolded) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of unfolded) details.open = false;
});
