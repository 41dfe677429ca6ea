// The line to write in: as whom, what, in answer to what, with which file.

import { commandMenu } from "./commands.js";
import { el, icon, iconButton } from "./dom.js";
import { askFor, menu } from "./layer.js";
import { world } from "./store.js";
import { t } from "./texts.js";

export function composer(chat) {
  let answering = null;
  let editing = null;
  const who = el("select", { class: "who", "aria-label": t("act_as"), title: t("act_as"), onchange: () => chat.become(Number(who.value)) });
  const field = el("textarea", {
    rows: "1",
    placeholder: t("write"),
    "aria-label": t("write"),
    maxlength: "4096",
    oninput: () => (grow(), offered.look()),
    onblur: () => setTimeout(() => offered.hide(), 200),
    onkeydown: (event) => keyed(event),
  });
  const offered = commandMenu(chat, field);
  const about = el("div", { class: "about", hidden: true });
  const pick = el("input", { type: "file", class: "unseen", tabindex: "-1", "aria-hidden": "true", onchange: () => picked() });
  let kind = "document";

  function grow() {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
  }

  function keyed(event) {
    if (offered.keyed(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && (answering || editing)) {
      event.stopPropagation();
      settle();
    }
  }

  function where() {
    const topic = chat.messages.topic;
    return { ...(answering ? { reply_to: answering.id } : {}), ...(topic === null ? {} : { topic }) };
  }

  async function send() {
    const text = field.value.trim();
    if (!text) return;
    const what = editing ? { act: "edit", message: editing.id, text } : { act: "say", text, ...where() };
    if (await chat.do(what)) {
      field.value = "";
      settle();
      grow();
      await chat.messages.toNewest();
    }
  }

  async function picked() {
    const [file] = pick.files;
    pick.value = "";
    if (!file) return;
    const caption = field.value.trim();
    if (await chat.do({ act: kind, name: file.name.slice(-100), caption, ...where() }, file)) {
      field.value = "";
      settle();
    }
  }

  function choose(wanted, accept) {
    kind = wanted;
    pick.accept = accept;
    pick.click();
  }

  async function locate() {
    const given = await askFor(t("location"), [
      { label: t("latitude"), value: "-7.64500" },
      { label: t("longitude"), value: "112.90700" },
    ]);
    if (given && (await chat.do({ act: "location", latitude: Number(given[0]), longitude: Number(given[1]), ...where() }))) settle();
  }

  function attach(event) {
    menu(event.currentTarget, t("attach"), [
      [t("photo_file"), () => choose("photo", "image/png,image/jpeg,image/gif,image/webp")],
      [t("photo_plain"), async () => (await chat.do({ act: "photo", caption: field.value.trim(), ...where() })) && ((field.value = ""), settle())],
      [t("document"), () => choose("document", "")],
      [t("voice"), async () => (await chat.do({ act: "voice", ...where() })) && settle()],
      [t("location"), locate],
    ]);
  }

  function show(title, words) {
    about.hidden = false;
    about.replaceChildren(el("p", {}, el("b", {}, title), " ", words), iconButton("close", t("cancel"), settle));
    field.focus();
  }

  function settle() {
    if (editing) field.value = "";
    answering = editing = null;
    about.hidden = true;
    about.replaceChildren();
  }

  function people() {
    const members = chat.chat.members.filter((one) => !one.bot);
    const inside = new Set(members.map((one) => one.id));
    const others = [...world.people.values()].filter((one) => !inside.has(one.id) && !one.bot);
    const rank = (one) => ["director", "stranger"].indexOf(world.roles[one.id]?.role) + 1 || 3;
    others.sort((a, b) => rank(a) - rank(b));
    who.replaceChildren(
      el("optgroup", { label: t("here") }, members.map(option)),
      el("optgroup", { label: t("elsewhere") }, others.map(option)),
    );
    who.value = String(chat.me);
  }

  const node = el(
    "form",
    { class: "composer", onsubmit: (event) => (event.preventDefault(), send()) },
    about,
    offered.node,
    el("label", { class: "as" }, el("span", { "aria-hidden": "true" }, t("as")), who),
    el(
      "div",
      { class: "line" },
      iconButton("clip", t("attach"), attach, { "aria-haspopup": "menu" }),
      pick,
      field,
      el("button", { type: "submit", class: "plain send", "aria-label": t("send"), title: t("send") }, icon("send")),
    ),
  );

  return {
    node,
    people,
    focus: () => field.focus(),
    replyTo(message) {
      settle();
      answering = message;
      show(t("replying"), message.from?.name ?? "");
    },
    edit(message) {
      settle();
      editing = message;
      field.value = message.words;
      grow();
      show(t("editing"), "");
    },
  };
}

function option(person) {
  const role = world.roles[person.id]?.role;
  return el("option", { value: String(person.id) }, role ? `${person.name} (${t(`role.${role}`)})` : person.name);
}
