// What lies above the page: menus, dialogs, and short words that go by themselves.

import { announce, el, iconButton } from "./dom.js";
import { t } from "./texts.js";

const layer = () => document.getElementById("layer");

// A menu beside its opener. `items` are [label, action] pairs; arrows walk, Escape leaves.
export function menu(opener, label, items) {
  const shown = items.filter(Boolean);
  const buttons = shown.map(([words, action]) =>
    el("button", { type: "button", role: "menuitem", onclick: () => (close(), action()) }, words),
  );
  const node = el("div", { class: "menu", role: "menu", "aria-label": label }, buttons);
  const shade = el("div", { class: "shade", onclick: () => close() });
  const close = () => {
    node.remove();
    shade.remove();
    if (document.activeElement === document.body) opener.focus?.({ preventScroll: true });
  };
  node.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) buttons[(at + step + buttons.length) % buttons.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  layer().append(shade, node);
  beside(node, opener);
  buttons[0]?.focus();
}

function beside(node, opener) {
  const from = opener.getBoundingClientRect();
  const { width, height } = node.getBoundingClientRect();
  const wanted = from.left < innerWidth / 2 ? from.left : from.right - width;
  const left = Math.min(Math.max(8, wanted), innerWidth - width - 8);
  const under = from.bottom + 4;
  const top = under + height < innerHeight - 8 ? under : Math.max(8, from.top - height - 4);
  node.style.left = `${left}px`;
  node.style.top = `${top}px`;
}

// A dialog with its own content; gives a function that closes it.
export function dialog(title, content, { wide = false } = {}) {
  const node = el(
    "dialog",
    { class: wide ? "wide" : "", "aria-label": title, onclose: () => node.remove() },
    el("header", {}, el("h2", {}, title), iconButton("close", t("close"), () => node.close())),
    content,
  );
  node.addEventListener("click", (event) => event.target === node && node.close());
  layer().append(node);
  node.showModal();
  return () => node.close();
}

// Asks for a line or more of words, e.g. the name of a topic; null if none is given.
export function askFor(title, fields) {
  return new Promise((resolve) => {
    const inputs = fields.map(({ label, value = "", choices }) =>
      choices
        ? el("select", { "aria-label": label }, choices.map(([key, words]) => el("option", { value: key }, words)))
        : el("input", { "aria-label": label, placeholder: label, value, maxlength: "128", required: true }),
    );
    let given = null;
    const form = el(
      "form",
      {
        method: "dialog",
        onsubmit: () => {
          given = inputs.map((input) => input.value);
        },
      },
      inputs.map((input, index) => el("label", {}, el("span", {}, fields[index].label), input)),
      el("button", { class: "primary" }, t("ok")),
    );
    dialog(title, form);
    layer().lastElementChild.addEventListener("close", () => resolve(given));
    inputs[0].focus();
  });
}

// Short words at the bottom of `place`, gone after a while; an alert stays until it is closed.
export function toast(place, words, { who = "", alert = false, bad = false } = {}) {
  const node = el("div", { class: `toast${bad ? " bad" : ""}` }, who ? el("b", {}, who) : null, el("span", {}, words));
  announce(who ? `${who}: ${words}` : words);
  place.querySelector(":scope > .toast")?.remove();
  place.append(node);
  if (alert) node.append(el("button", { type: "button", onclick: () => node.remove() }, t("ok")));
  else setTimeout(() => node.remove(), 5000);
}
