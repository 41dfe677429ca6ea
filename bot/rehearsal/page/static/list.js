// The list of chats: what each said last, and what has not been read.

import { avatar, el, iconButton } from "./dom.js";
import { act } from "./link.js";
import { askFor, menu, toast } from "./layer.js";
import { emit, on, unread, world } from "./store.js";
import { clockTime, t } from "./texts.js";

export function chatList(node, open) {
  const rows = new Map();
  const list = el("ul", {});
  const head = el(
    "header",
    {},
    el("h2", {}, t("chats")),
    iconButton("grid", t("all_chats"), () => open(null), { class: "plain walled" }),
    iconButton("more", t("list_menu"), (event) => listMenu(event.currentTarget), { "aria-haspopup": "menu" }),
  );
  node.setAttribute("aria-label", t("chats"));
  node.replaceChildren(head, list);

  function listMenu(opener) {
    const fail = (error) => toast(node, t("impossible", { why: error.message }), { bad: true });
    menu(opener, t("list_menu"), [
      [t("new_private"), () => newPrivate().catch(fail)],
      [t("new_group"), () => newGroup(false).catch(fail)],
      [t("new_forum"), () => newGroup(true).catch(fail)],
    ]);
  }

  function everybody() {
    return [...world.people.values()].filter((one) => !one.bot).map((one) => [String(one.id), one.name]);
  }

  async function newPrivate() {
    const given = await askFor(t("new_private"), [{ label: t("person"), choices: everybody() }]);
    if (given) emit("open", await act({ act: "start", person: Number(given[0]) }));
  }

  async function newGroup(forum) {
    const title = t(forum ? "new_forum" : "new_group");
    const given = await askFor(title, [{ label: t("name") }, { label: t("person"), choices: everybody() }]);
    if (given) emit("open", await act({ act: "create_group", title: given[0], person: Number(given[1]), forum }));
  }

  function row(chat) {
    const button = el(
      "button",
      { type: "button", "data-chat": chat.key, onclick: () => open(chat.key) },
      avatar(chat.title, chat.key),
      el("span", { class: "who" }, chat.title),
      el("time", {}),
      el("span", { class: "last" }),
      el("span", { class: "unread" }),
    );
    rows.set(chat.key, button);
    list.append(el("li", {}, button));
    show(chat);
  }

  function show(chat) {
    const button = rows.get(chat.key);
    if (!button) return row(chat);
    const count = unread(chat);
    button.parentElement.hidden = Boolean(chat.moved_to);
    const text = (selector, words) => {
      const part = button.querySelector(selector);
      if (part.textContent !== words) part.textContent = words;
    };
    text(".who", chat.title);
    text("time", chat.last ? clockTime(chat.last.at) : "");
    text(".last", gist(chat.last));
    text(".unread", count ? (count > 99 ? "99+" : String(count)) : "");
    button.querySelector(".unread").setAttribute("aria-label", count ? t("unread", { n: count }) : "");
    return undefined;
  }

  function all() {
    rows.clear();
    list.replaceChildren();
    const chats = [...world.chats.values()];
    const order = (chat) => (chat.key === world.control ? 0 : 1);
    for (const chat of chats.sort((a, b) => order(a) - order(b))) row(chat);
  }

  const one = (key) => world.chats.has(key) && show(world.chats.get(key));
  on("message", (news) => one(news.chat));
  on("edit", (news) => one(news.chat));
  on("chat", one);
  on("read", () => world.chats.forEach(show));
  on("world", all);
  all();

  return {
    mark(key) {
      for (const [other, button] of rows) button.setAttribute("aria-current", String(other === key));
    },
  };
}

// A message on one line, without the marking that exercise messages carry.
function gist(message) {
  if (!message) return "";
  if (message.service) return t(`service.${message.service.kind}`, { who: message.from?.name ?? "", names: (message.service.names ?? []).join(", ") });
  const lines = message.words.split("\n").map((line) => line.trim().replace(/^(\S+) · [JT]\+[\d:]+ · .*$/, "$1")).filter(Boolean);
  const isLoud = (line) => line === line.toUpperCase() && line.length > 12 && !/\d/.test(line);
  const telling = lines.filter((line) => !isLoud(line));
  const words = (telling.length ? telling : lines).join(" · ").slice(0, 90);
  if (message.media) return `${t(message.media.kind)} ${words}`.trim();
  return message.location ? t("location") : words;
}
