// One message as a bubble.

import { avatar, el, hue, icon, iconButton } from "./dom.js";
import { rendered, safeLink } from "./entities.js";
import { clockTime, size, t } from "./texts.js";

// `view` tells who looks: {me, press(message, button), follow(link), menu(message, opener), jump(id)}.
export function bubble(message, view) {
  if (message.service) return serviceLine(message);
  const mine = message.from?.id === view.me;
  const name = message.from?.name ?? "";
  const node = el(
    "article",
    {
      class: `message${mine ? " mine" : ""}`,
      tabindex: "-1",
      "data-id": message.id,
      "data-from": message.from?.id ?? 0,
      "aria-label": `${name}, ${clockTime(message.at)}`,
    },
    mine ? null : avatar(name, message.from?.id ?? name),
    el(
      "div",
      { class: "column" },
      el(
        "div",
        { class: "bubble" },
        mine ? null : el("p", { class: `name ink${hue(message.from?.id ?? name)}` }, name, badge(message)),
        message.reply ? quote(message.reply, view) : null,
        media(message, view),
        message.location ? place(message.location) : null,
        message.words ? el("p", { class: "words" }, rendered(message.words, message.entities, view.follow)) : null,
        el(
          "p",
          { class: "meta" },
          message.reactions ? reactions(message.reactions) : null,
          message.edited ? el("span", {}, t("edited")) : null,
          el("time", { datetime: new Date(message.at * 1000).toISOString() }, clockTime(message.at)),
        ),
        iconButton("more", t("message_menu"), (event) => view.menu(message, event.currentTarget), {
          class: "plain opener",
          "aria-haspopup": "menu",
          tabindex: "-1",
        }),
      ),
      message.buttons ? keyboard(message, view) : null,
    ),
  );
  return node;
}

function badge(message) {
  return message.from?.bot ? el("span", { class: "badge" }, "bot") : null;
}

function quote(reply, view) {
  return el(
    "button",
    { type: "button", class: "quote", onclick: () => view.jump(reply.id) },
    el("b", {}, reply.name || t("gone")),
    el("span", {}, reply.gist),
  );
}

function media(message) {
  const carried = message.media;
  if (!carried) return null;
  const address = `files/${encodeURIComponent(carried.file)}`;
  if (carried.kind === "photo") {
    const ratio = Math.min(Math.max(carried.width / carried.height, 0.5), 2.6);
    const picture = el("img", { src: address, alt: t("photo"), loading: "lazy", width: 320, height: Math.round(320 / ratio) });
    return el("a", { class: "photo", href: address, target: "_blank", rel: "noreferrer" }, picture);
  }
  const name = carried.file_name ?? t(carried.kind);
  return el(
    "a",
    { class: "file", href: address, download: carried.file_name ?? carried.kind },
    el("span", { class: "disc" }, icon(carried.kind === "voice" ? "mic" : "file")),
    el("span", {}, el("b", {}, name), el("small", {}, size(carried.size))),
  );
}

function place(location) {
  const { latitude, longitude, title, address } = location;
  const point = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return el(
    "a",
    { class: "place", href: map, target: "_blank", rel: "noreferrer noopener" },
    el("span", { class: "map", "aria-hidden": "true" }, icon("pin")),
    el("span", {}, el("b", {}, title ?? t("location")), el("small", {}, address ?? point)),
  );
}

function reactions(given) {
  return el("span", { class: "reactions" }, Object.entries(given).map(([emoji, count]) => `${emoji} ${count > 1 ? count : ""}`));
}

function keyboard(message, view) {
  const rows = Map.groupBy
    ? [...Map.groupBy(message.buttons, (button) => button.row).values()]
    : Object.values(message.buttons.reduce((all, one) => ({ ...all, [one.row]: [...(all[one.row] ?? []), one] }), {}));
  return el(
    "div",
    { class: "keyboard" },
    rows.map((row) => el("div", { class: "keys" }, row.map((button) => key(message, button, view)))),
  );
}

function key(message, button, view) {
  const href = button.url ? safeLink(button.url) : null;
  if (button.url) return el("a", { class: "key", href, target: "_blank", rel: "noreferrer noopener" }, button.text, " ↗");
  return el(
    "button",
    {
      type: "button",
      class: "key",
      disabled: button.disabled || button.data === undefined,
      onclick: (event) => view.press(message, button, event.currentTarget),
    },
    button.text,
  );
}

function serviceLine(message) {
  const names = (message.service.names ?? []).join(", ");
  const words = t(`service.${message.service.kind}`, { who: message.from?.name ?? "", names });
  return el("article", { class: "service", tabindex: "-1", "data-id": message.id, "data-from": "-" }, el("p", {}, words));
}
