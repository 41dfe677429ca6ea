// The timeline: the injects in their order, and what happened to each.

import { el } from "./dom.js";
import { dialog } from "./layer.js";
import { elapsed, emit, on, world } from "./store.js";
import { exerciseTime, t } from "./texts.js";

const GLYPHS = { waiting: "○", open: "◐", answered: "✓", sent: "●", lost: "✕" };
const WORST = ["lost", "open", "sent", "answered", "waiting"];
const GAP = 17;

function stateOf(inject) {
  if (world.pulse.exercise.missing.includes(inject.id)) return "lost";
  const came = Object.values(inject.came);
  if (!came.length) return "waiting";
  const asked = came.filter((one) => one.asks);
  if (!asked.length) return "sent";
  return asked.every((one) => one.acknowledged) ? "answered" : "open";
}

export function timeline(node) {
  const track = el("div", { class: "track" });
  const cursor = el("div", { class: "cursor", "aria-hidden": "true" });
  node.setAttribute("aria-label", t("timeline"));
  node.replaceChildren(track);
  let span = 1;

  function draw() {
    const planned = [...world.injects.values()].filter((inject) => inject.at !== null);
    node.hidden = !planned.length;
    if (!planned.length) return;
    span = Math.max(world.pulse.exercise.planned, 1) * 1.02;
    const width = track.clientWidth || 1000;
    const groups = [];
    for (const inject of planned.sort((a, b) => a.at - b.at)) {
      const x = (inject.at / span) * width;
      const last = groups.at(-1);
      if (last && x - last.x < GAP) last.injects.push(inject);
      else groups.push({ x, injects: [inject] });
    }
    const focused = track.contains(document.activeElement) ? document.activeElement.dataset.first : null;
    track.replaceChildren(...ticks(), cursor, ...groups.map(mark));
    if (focused) track.querySelector(`[data-first="${CSS.escape(focused)}"]`)?.focus();
    tick();
  }

  function ticks() {
    const every = [300, 600, 900, 1800, 3600, 7200, 21600, 86400].find((one) => span / one <= 12) ?? 86400;
    const count = Math.floor(span / every);
    return Array.from({ length: count + 1 }, (_, index) => {
      const tick_ = el("span", { class: "tick", "aria-hidden": "true" }, exerciseTime(index * every).slice(0, -3));
      tick_.style.left = `${((index * every) / span) * 100}%`;
      return tick_;
    });
  }

  function mark({ x, injects }) {
    const states = injects.map(stateOf);
    const state = WORST.find((one) => states.includes(one));
    const words = injects.map((inject, index) => `${inject.id} ${exerciseTime(inject.at)} ${t(`inject.${states[index]}`)}`).join(", ");
    const button = el(
      "button",
      {
        type: "button",
        class: `mark ${state}`,
        "data-first": injects[0].id,
        "aria-label": words,
        title: injects.map((inject) => `${inject.id} · ${inject.words}`).join("\n"),
        onclick: () => dialog(injects.map((inject) => inject.id).join(", "), details(injects), { wide: true }),
      },
      injects.length > 1 ? String(injects.length) : GLYPHS[state],
    );
    button.style.left = `${x}px`;
    return button;
  }

  function tick() {
    cursor.style.left = `${Math.min(100, (elapsed() / span) * 100)}%`;
  }

  let queued = false;
  const soon = () => {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => {
      queued = false;
      draw();
    });
  };
  on("injects", soon);
  on("world", soon);
  on("tick", tick);
  let missing = "";
  on("pulse", () => {
    const now = world.pulse.exercise?.missing.join() ?? "";
    if (now !== missing) soon();
    missing = now;
  });
  new ResizeObserver(soon).observe(track);
  draw();
}

function details(injects) {
  return el("div", { class: "details" }, injects.map(detail));
}

function detail(inject) {
  const state = stateOf(inject);
  return el(
    "section",
    {},
    el("h3", {}, el("span", { class: `mark ${state}`, "aria-hidden": "true" }, GLYPHS[state]), `${inject.id} · ${exerciseTime(inject.at)} · ${t(`inject.${state}`)}`),
    el("p", {}, inject.words),
    el("ul", {}, inject.units.map((unit) => el("li", {}, where(inject, unit)))),
  );
}

function where(inject, unit) {
  const name = world.units.get(unit)?.name ?? unit;
  const came = inject.came[unit];
  if (!came) return [el("span", {}, name), el("small", {}, t("inject.waiting"))];
  const how = came.acknowledged ? "answered" : came.asks ? "open" : "sent";
  const took = came.acknowledged ? ` · ${t("seconds", { n: Math.max(0, Math.round(came.acknowledged - came.at)) })}` : "";
  const more = came.copies > 1 ? ` · ${t("copies", { n: came.copies })}` : "";
  const go = (event) => {
    event.currentTarget.closest("dialog").close();
    emit("open", { chat: came.chat, message: came.message });
  };
  return [el("button", { type: "button", class: "link", onclick: go }, name), el("small", {}, `${t(`inject.${how}`)}${took}${more}`)];
}
