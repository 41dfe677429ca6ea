// One chat as a window: its head, its messages, and the line to write in as whoever one is.

import { composer } from "./composer.js";
import { avatar, el, iconButton } from "./dom.js";
import { act, steer } from "./link.js";
import { Messages } from "./messages.js";
import { askFor, menu, toast } from "./layer.js";
import { emit, markRead, on, present, unitOf, world } from "./store.js";
import { t } from "./texts.js";

// Who somebody acts as in each chat, kept while the page is open.
const chosen = new Map();

export class ChatWindow {
  constructor(key, { large = false, back, enlarge } = {}) {
    this.chat = present(key);
    this.key = this.chat.key;
    this.unit = unitOf(this.key);
    this.me = chosen.get(this.key) ?? usual(this.chat, this.unit);
    this.pressed = new Map();
    const view = {
      me: this.me,
      press: (message, button, node) => this.press(message, button, node),
      follow: (link) => emit("link", { link, person: this.me }),
      menu: (message, opener) => this.messageMenu(message, opener),
      jump: (id) => this.messages.jump(id),
    };
    this.messages = new Messages(this.chat, view, () => document.hasFocus() && markRead(this.key));
    this.composer = composer(this);
    this.title = el("h2", {}, this.chat.title);
    this.under = el("p", {});
    this.topics = el("div", { class: "topics", role: "group", "aria-label": t("topics") });
    this.node = el(
      "section",
      { class: `chat${large ? " large" : ""}`, "data-chat": this.key, "aria-label": this.chat.title },
      el(
        "header",
        {},
        back ? iconButton("back", t("back"), back, { class: "plain back" }) : null,
        avatar(this.chat.title, this.key),
        el("div", { class: "titles" }, this.title, this.under),
        enlarge ? iconButton("expand", t("enlarge"), enlarge) : null,
        iconButton("more", t("chat_menu"), (event) => this.chatMenu(event.currentTarget), { "aria-haspopup": "menu" }),
      ),
      this.topics,
      this.messages.node,
      this.composer.node,
    );
    this.stops = [
      on("message", (news) => news.chat === this.key && this.came(news.message)),
      on("edit", (news) => news.chat === this.key && this.messages.edit(news.message)),
      on("delete", (news) => news.chat === this.key && this.messages.drop(news.message)),
      on("answer", (news) => news.chat === this.key && this.answered(news)),
      on("chat", (key_) => key_ === this.key && this.refresh()),
      on("pulse", () => this.head()),
    ];
    this.refresh();
    this.ready = this.messages.toNewest().catch((error) => this.fail(error));
  }

  // A phone opens the reply field for those whom a message asks.
  came(message) {
    this.messages.add(message);
    if (!("asks_reply" in message)) return;
    if (message.asks_reply === null || message.asks_reply.includes(this.me)) this.composer.replyTo(message);
  }

  close() {
    for (const stop of this.stops) stop();
    this.messages.close();
    this.node.remove();
  }

  refresh() {
    this.chat = world.chats.get(this.key);
    this.title.textContent = this.chat.title;
    this.showTopics();
    this.composer.people();
    this.head();
  }

  head() {
    const off = this.unit && world.pulse.offline.includes(this.unit.id);
    const plays = this.unit && world.pulse.plays[this.unit.id];
    const members = this.chat.members.filter((one) => !one.bot).length;
    const parts = [
      this.chat.moved_to ? t("moved") : null,
      this.chat.kind === "private" ? t("private") : t("members", { n: members }),
      !this.chat.members.some((one) => one.bot) ? t("without_bot") : null,
      off ? t("phone_off") : plays ? t("plays", { how: t(`profile.${plays}`) }) : null,
    ];
    const words = parts.filter(Boolean).join(" · ");
    if (this.under.textContent !== words) this.under.textContent = words;
    this.node.classList.toggle("offline", Boolean(off));
  }

  showTopics() {
    const topics = this.chat.topics ?? [];
    this.topics.hidden = !this.chat.forum;
    const tab = (id, name) =>
      el("button", { type: "button", "aria-pressed": String(this.messages.topic === id), onclick: () => this.toTopic(id) }, name);
    this.topics.replaceChildren(tab(null, t("all_topics")), ...topics.map((topic) => tab(topic.id, topic.name)));
  }

  async toTopic(id) {
    this.messages.topic = id;
    this.messages.kept = [];
    this.showTopics();
    await this.messages.toNewest();
  }

  become(person) {
    this.me = person;
    this.messages.view.me = person;
    chosen.set(this.key, person);
    this.messages.draw();
    if (this.messages.stuck) this.messages.toEnd();
  }

  fail(error) {
    toast(this.messages.node, t("impossible", { why: error.message }), { bad: true });
  }

  async do(what, file) {
    try {
      return await act({ person: this.me, chat: this.key, ...what }, file);
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  async press(message, button, node) {
    node.classList.add("waiting");
    const told = await this.do({ act: "press", message: message.id, button: button.data });
    if (!told) return node.classList.remove("waiting");
    this.pressed.set(told.press, node);
    setTimeout(() => this.pressed.get(told.press)?.classList.remove("waiting"), 30000);
    return undefined;
  }

  answered(news) {
    this.pressed.get(news.press)?.classList.remove("waiting");
    this.pressed.delete(news.press);
    const who = news.person === this.me ? "" : (world.people.get(news.person)?.name ?? "");
    if (news.text) toast(this.messages.node, news.text, { who, alert: news.alert && news.person === this.me });
  }

  messageMenu(message, opener) {
    const own = message.from?.id === this.me;
    if (world.pulse.replay) return menu(opener, t("message_menu"), [[t("copy_link"), () => this.copyLink(message)]]);
    return menu(opener, t("message_menu"), [
      [t("reply"), () => this.composer.replyTo(message)],
      own && message.words ? [t("edit"), () => this.composer.edit(message)] : null,
      [t("react"), () => this.do({ act: "react", message: message.id, emoji: "👍" })],
      [t("copy_link"), () => this.copyLink(message)],
    ]);
  }

  async copyLink(message) {
    const address = new URL(location.href);
    address.hash = new URLSearchParams({ chat: this.key, message: message.id }).toString();
    history.replaceState(null, "", address);
    try {
      await navigator.clipboard.writeText(address.href);
      toast(this.messages.node, t("link_copied"));
    } catch {
      toast(this.messages.node, t("link_in_bar"));
    }
  }

  chatMenu(opener) {
    const bot = this.chat.members.find((one) => one.bot);
    const here = this.chat.members.some((one) => one.id === this.me);
    const group = this.chat.kind !== "private";
    const off = this.unit && world.pulse.offline.includes(this.unit.id);
    menu(opener, t("chat_menu"), [
      ...(this.unit ? this.unitItems(off) : []),
      group && !bot ? [t("add_bot"), () => this.do({ act: "add_bot" })] : null,
      group && bot ? [t("remove_bot"), () => this.do({ act: "remove_bot" })] : null,
      this.chat.kind === "group" && !this.chat.moved_to ? [t("upgrade"), () => this.upgrade()] : null,
      this.chat.forum ? [t("new_topic"), () => this.newTopic()] : null,
      group && !here ? [t("join"), () => this.do({ act: "join" })] : null,
      group && here ? [t("leave"), () => this.do({ act: "leave" })] : null,
    ]);
  }

  unitItems(off) {
    const plays = world.pulse.plays[this.unit.id];
    const let_play = (profile) => steer({ control: "autoplay", unit: this.unit.id, profile }).catch((error) => this.fail(error));
    const items = world.profiles
      .filter((profile) => profile !== plays)
      .map((profile) => [t("let_play", { how: t(`profile.${profile}`) }), () => let_play(profile)]);
    if (plays) items.unshift([t("play_myself"), () => let_play(null)]);
    const phone = { control: "phone", unit: this.unit.id, off: !off };
    items.push([t(off ? "phone_back" : "phone_away"), () => steer(phone).catch((error) => this.fail(error))]);
    return items;
  }

  async upgrade() {
    const told = await this.do({ act: "upgrade" });
    if (told) emit("open", { chat: told.chat });
  }

  async newTopic() {
    const given = await askFor(t("new_topic"), [{ label: t("name") }]);
    if (given) await this.do({ act: "create_topic", name: given[0] });
  }
}

// Whose chat it is: the unit's leader, in the control room the director.
function usual(chat, unit) {
  if (chat.person) return chat.person;
  if (unit) return unit.leader;
  const roleOf = (member) => world.roles[member.id]?.role;
  const people = chat.members.filter((member) => !member.bot);
  return (people.find((member) => roleOf(member) === "director") ?? people[0] ?? { id: [...world.people.keys()][0] }).id;
}
