// The page put together: the list, the control room, the wall of unit chats, and one chat large.

import { exerciseBar, replayBar, troubleBar } from "./bars.js";
import { ChatWindow } from "./chat.js";
import { el } from "./dom.js";
import { find } from "./finder.js";
import { askFor, toast } from "./layer.js";
import { act, follow } from "./link.js";
import { chatList } from "./list.js";
import { emit, markRead, on, present, take, world } from "./store.js";
import { timeline } from "./strip.js";
import { setZone, speak, t } from "./texts.js";

const part = (id) => document.getElementById(id);
const narrow = matchMedia("(max-width: 759px)");
const wide = matchMedia("(min-width: 1100px)");
const open = new Map();
let list;
let shown = null;

function close(key) {
  open.get(key)?.close();
  open.delete(key);
}

function closeAll() {
  for (const key of [...open.keys()]) close(key);
}

// The wall: a place for each chat, filled while it is near what is seen.
const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const key = entry.target.dataset.place;
      if (entry.isIntersecting && !open.has(key)) {
        const window_ = new ChatWindow(key, { enlarge: () => go({ chat: key }) });
        open.set(key, window_);
        entry.target.append(window_.node);
      } else if (!entry.isIntersecting && open.has(key)) close(key);
    }
  },
  { root: part("wall"), rootMargin: "300px 0px" },
);

function wallKeys() {
  return [...world.chats.values()].filter((chat) => chat.key !== world.control && !chat.moved_to).map((chat) => chat.key);
}

function layOut({ chat = null, message = null } = {}) {
  const key = chat && present(chat)?.key;
  closeAll();
  near.disconnect();
  part("control").replaceChildren();
  part("wall").replaceChildren();
  shown = key ?? null;
  document.body.classList.toggle("one", Boolean(key));
  document.body.classList.toggle("control-only", key === world.control && Boolean(key));
  list.mark(shown);
  const control = wide.matches && world.control ? present(world.control).key : null;
  if (control) place(part("control"), control, key === control ? message : null);
  if (key && key !== control) place(part("wall"), key, message, true);
  else wall();
}

function place(where, key, message, leads) {
  const window_ = new ChatWindow(key, { large: true, back: leads ? () => go({}) : undefined });
  open.set(key, window_);
  where.append(window_.node);
  window_.ready.then(() => {
    if (message) window_.messages.jump(Number(message));
    else if (!narrow.matches && shown === key) window_.composer.focus();
    markRead(key);
  });
}

function wall() {
  const places = wallKeys().map((key) => el("div", { class: "slot", "data-place": key }));
  part("wall").replaceChildren(...places);
  for (const one of places) near.observe(one);
}

function go(target) {
  const wanted = Object.fromEntries(Object.entries(target).filter(([, value]) => value));
  const hash = new URLSearchParams(wanted).toString();
  if (location.hash.slice(1) === hash) layOut(wanted);
  else location.hash = hash;
}

function fromAddress() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

// A join link, pressed: into which group?
async function join({ link, person }) {
  const groups = [...world.chats.values()].filter((chat) => chat.kind !== "private" && !chat.moved_to);
  const payload = new URL(link).searchParams;
  try {
    if (!payload.has("startgroup")) {
      return emit("open", await act({ act: "start", person, payload: payload.get("start") ?? "" }));
    }
    const people = [...world.people.values()].filter((one) => !one.bot);
    const given = await askFor(t("join_where"), [
      { label: t("group"), choices: groups.map((chat) => [chat.key, chat.title]) },
      { label: t("act_as"), choices: people.map((one) => [String(one.id), one.name]) },
    ]);
    if (!given) return undefined;
    await act({ act: "open_link", link, chat: given[0], person: Number(given[1]) });
    return emit("open", { chat: given[0] });
  } catch (error) {
    return toast(document.body, t("impossible", { why: error.message }), { bad: true });
  }
}

function theme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem("theme", root.dataset.theme);
}

function speakAs(language) {
  localStorage.setItem("language", language);
  location.reload();
}

function build() {
  document.title = world.pulse.replay?.title ?? (world.title ? `Geladi · ${world.title}` : "Geladi");
  replayBar(part("replay"));
  setZone(world.zone);
  const bar = exerciseBar(part("bar"), {
    find,
    theme,
    speakAs: () => speakAs(document.documentElement.lang === "id" ? "en" : "id"),
    trouble: () => {
      part("trouble").hidden = !part("trouble").hidden;
      bar.opener.setAttribute("aria-expanded", String(!part("trouble").hidden));
    },
  });
  troubleBar(part("trouble"));
  timeline(part("strip"));
  list = chatList(part("list"), (key) => go({ chat: key }));
  part("control").setAttribute("aria-label", t("control_room"));
  part("wall").setAttribute("aria-label", t("all_chats"));
  layOut(fromAddress());
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    find();
  } else if (event.key === "Escape" && shown && !document.querySelector("dialog[open], .menu")) go({});
});
window.addEventListener("hashchange", () => list && layOut(fromAddress()));
window.addEventListener("focus", () => shown && markRead(shown));
for (const query of [narrow, wide]) query.addEventListener("change", () => list && layOut(fromAddress()));
on("open", (target) => go(target));
on("link", join);
on("chat", () => {
  if (!shown && part("wall").childElementCount !== wallKeys().length) layOut(fromAddress());
});

document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "";
let built = false;
on("world", async () => {
  if (!built) {
    built = true;
    await speak(localStorage.getItem("language") ?? world.language);
    build();
  } else layOut(fromAddress());
  document.body.classList.add("ready");
});
follow(take, (standing) => {
  world.connected = standing;
  document.body.classList.toggle("cut", !standing);
});
