// The exercise bar and the trouble bar.

import { announce, el, icon, iconButton } from "./dom.js";
import { steer } from "./link.js";
import { toast } from "./layer.js";
import { elapsed, emit, now, on, world } from "./store.js";
import { clockTime, exerciseTime, language, t } from "./texts.js";

const SPEEDS = [1, 2, 5, 10, 20, 30, 60, 120];
const TROUBLE = ["too_many", "reset_before", "reset_after", "stall", "bad_gateway"];

async function control(what) {
  try {
    await steer(what);
  } catch (error) {
    toast(document.body, t("impossible", { why: error.message }), { bad: true });
  }
}

export function exerciseBar(node, { find, speakAs, theme, trouble }) {
  const clock = el("output", { class: "clock", "aria-label": t("exercise_clock") });
  const state = el("span", { class: "state" });
  const begin = el("button", { type: "button", class: "primary begin", onclick: () => control({ control: "begin" }) }, t("begin"));
  const pause = el("button", { type: "button", class: "plain", onclick: () => control({ control: "pause", on: !world.pulse.paused }) });
  const step = iconButton("step", t("step"), () => control({ control: "step" }));
  const speed = el("select", { "aria-label": t("speed"), title: t("speed"), onchange: () => control({ control: "speed", value: Number(speed.value) }) });
  const plays = el("select", { "aria-label": t("autoplay"), title: t("autoplay"), onchange: () => play() });
  const directed = el("input", { type: "checkbox", onchange: () => control({ control: "director", on: directed.checked }) });
  const counters = el("dl", { class: "counters", "aria-label": t("counters") });
  const numbers = Object.fromEntries(["sent", "acknowledged", "repeated", "lost"].map((name) => [name, el("dd", {})]));
  counters.append(...Object.entries(numbers).map(([name, value]) => el("div", { class: name, title: t(`about.${name}`) }, el("dt", {}, t(name)), value)));
  const opener = iconButton("bolt", t("trouble"), () => trouble(), { class: "plain bolt", "aria-expanded": "false", "aria-controls": "trouble" });
  const drill = [
    begin,
    clock,
    state,
    el("div", { class: "transport", role: "group", "aria-label": t("world_clock") }, pause, step, speed),
    el("label", { class: "plays" }, el("span", {}, t("autoplay")), plays),
    el("label", { class: "check directed" }, directed, el("span", {}, t("directed"))),
    counters,
  ];
  node.setAttribute("aria-label", t("exercise_bar"));
  node.replaceChildren(
    el("a", { class: "brand", href: "#" }, el("img", { src: "static/icon.svg", alt: "", width: "26", height: "26" }), el("h1", {}, el("b", {}, "Geladi"), el("span", {}, world.title || t("stand_in")))),
    ...(world.control ? drill : drill.slice(3, 4)),
    el(
      "div",
      { class: "tools" },
      iconButton("search", t("search"), find),
      opener,
      el("button", { type: "button", class: "plain", "aria-label": t("language"), title: t("language"), onclick: speakAs }, language === "id" ? "EN" : "ID"),
      iconButton("moon", t("theme"), theme),
    ),
  );

  const choices = [["", t("profile.none")], ...world.profiles.map((name) => [name, t(`profile.${name}`)])];
  plays.replaceChildren(el("option", { value: "mixed", hidden: true }, t("profile.mixed")), ...choices.map(([key, words]) => el("option", { value: key }, words)));

  function play() {
    control({ control: "autoplay", profile: plays.value || null });
  }

  function how() {
    const found = new Set([...world.units.keys()].map((unit) => world.pulse.plays[unit] ?? ""));
    return found.size === 1 ? [...found][0] : "mixed";
  }

  function beat() {
    const pulse = world.pulse;
    const speeds = SPEEDS.includes(pulse.speed) ? SPEEDS : [...SPEEDS, pulse.speed].sort((a, b) => a - b);
    if (speed.childElementCount !== speeds.length) speed.replaceChildren(...speeds.map((one) => el("option", { value: String(one) }, `${one}×`)));
    if (document.activeElement !== speed) speed.value = String(pulse.speed);
    const words = t(pulse.paused ? "go_on" : "pause");
    if (pause.getAttribute("aria-label") !== words) {
      pause.setAttribute("aria-label", words);
      pause.title = words;
      pause.replaceChildren(icon(pulse.paused ? "play" : "pause"));
      document.body.classList.toggle("still", pulse.paused);
    }
    const exercise = pulse.exercise;
    if (!exercise) return;
    begin.hidden = exercise.state !== "prepared";
    begin.disabled = pause.disabled = !exercise.ready;
    step.disabled = !exercise.runs || exercise.next === null || pulse.stepping;
    const standing = pulse.paused ? "still" : pulse.stepping ? "stepping" : exercise.state;
    if (state.dataset.state !== standing) {
      state.dataset.state = standing;
      state.textContent = t(`state.${standing}`);
      announce(state.textContent);
    }
    if (document.activeElement !== plays) plays.value = how();
    directed.checked = pulse.directed;
    for (const [name, value] of Object.entries(numbers)) value.textContent = String(exercise[name]);
    numbers.acknowledged.textContent = `${exercise.acknowledged}/${exercise.asked}`;
    numbers.lost.parentElement.classList.toggle("some", exercise.lost > 0);
    numbers.repeated.parentElement.classList.toggle("some", exercise.repeated > 0);
    const left = Object.values(pulse.trouble).some(Boolean) || pulse.offline.length || pulse.bot?.alive === false;
    opener.classList.toggle("some", Boolean(left));
  }

  on("pulse", beat);
  const tick = () => {
    clock.textContent = exerciseTime(elapsed());
    emit("tick");
  };
  setInterval(tick, 200);
  beat();
  tick();
  return { opener };
}

// What is seen is no exercise that runs: which one it was, and the wall clock of that day.
export function replayBar(node) {
  const replay = world.pulse.replay;
  node.hidden = !replay;
  document.body.classList.toggle("replay", Boolean(replay));
  if (!replay) return;
  const clock = el("output", { class: "wall-clock", "aria-label": t("replay_clock") });
  const over = el("span", { class: "over", hidden: true }, t("replay_over"));
  const warning = el("p", { class: "warning", role: "alert", hidden: !replay.warning }, replay.warning);
  node.setAttribute("aria-label", t("replay"));
  node.replaceChildren(el("p", {}, el("strong", {}, replay.title), clock, over), warning);
  on("tick", () => (clock.textContent = clockTime(now(), true)));
  on("pulse", () => (over.hidden = !world.pulse.replay?.over));
}

export function troubleBar(node) {
  const buttons = new Map();
  const faults = TROUBLE.map((kind) => {
    const left = el("span", { class: "left" });
    const button = el(
      "button",
      { type: "button", title: t(`about.${kind}`), "data-trouble": kind, onclick: () => control({ control: "trouble", kind, count: 3 }) },
      t(`trouble.${kind}`),
      left,
    );
    buttons.set(kind, left);
    return button;
  });
  const clear = el("button", { type: "button", class: "quiet", onclick: () => control({ control: "clear" }) }, t("clear"));
  const unit = el("select", { "aria-label": t("unit") });
  unit.append(...[...world.units.values()].map((one) => el("option", { value: one.id }, one.name)));
  const phone = el("button", { type: "button", "data-trouble": "phone", onclick: () => {
    control({ control: "phone", unit: unit.value, off: !world.pulse.offline.includes(unit.value) });
  } });
  const alive = el("span", { class: "alive" });
  const kill = el("button", { type: "button", class: "danger", "data-trouble": "kill", title: t("about.kill"), onclick: () => control({ control: "kill" }) }, t("kill"));
  const again = el("button", { type: "button", class: "danger", "data-trouble": "kill_and_start", title: t("about.kill_and_start"), onclick: () => control({ control: "kill_and_start" }) }, t("kill_and_start"));
  const start = el("button", { type: "button", "data-trouble": "start_bot", onclick: () => control({ control: "start_bot" }) }, t("start_bot"));
  const group = (title, ...parts) => el("div", { class: "group", role: "group", "aria-label": title }, el("h2", {}, title), ...parts);
  const groups = [group(t("trouble.line"), faults, clear)];
  if (world.units.size) groups.push(group(t("trouble.phone"), unit, phone));
  if (world.pulse.bot) groups.push(group(t("trouble.bot"), alive, kill, again, start));
  node.setAttribute("aria-label", t("trouble"));
  node.replaceChildren(...groups);

  function beat() {
    const pulse = world.pulse;
    for (const [kind, left] of buttons) {
      left.textContent = pulse.trouble[kind] ? String(pulse.trouble[kind]) : pulse.struck[kind] ? `✓ ${pulse.struck[kind]}` : "";
      left.classList.toggle("some", Boolean(pulse.trouble[kind]));
    }
    phone.textContent = t(pulse.offline.includes(unit.value) ? "phone_back" : "phone_away");
    if (!pulse.bot) return;
    alive.textContent = t(pulse.bot.alive ? "bot_alive" : "bot_dead", { n: pulse.bot.kills });
    alive.classList.toggle("dead", !pulse.bot.alive);
    kill.disabled = again.disabled = !pulse.bot.alive;
    start.disabled = pulse.bot.alive;
  }

  unit.addEventListener("change", beat);
  on("pulse", beat);
  beat();
}
