// The bot's menu of commands, offered while one is typed, as phones offer it.

import { el } from "./dom.js";
import { ask } from "./link.js";
import { t } from "./texts.js";

const MOST = 30;
let number = 0;

export function commandMenu(chat, field) {
  const id = `commands${(number += 1)}`;
  const node = el("div", { class: "commands", role: "listbox", id, "aria-label": t("commands"), hidden: true });
  let chosen = -1;
  let asked = 0;

  const options = () => [...node.children];

  async function look() {
    const typed = /^\/(\w*)$/.exec(field.value);
    if (!typed) return hide();
    const mine = (asked += 1);
    const { commands } = await ask(`chats/${encodeURIComponent(chat.key)}/commands?person=${chat.me}`);
    if (mine !== asked) return undefined;
    const fitting = commands.filter((one) => one.command.startsWith(typed[1].toLowerCase())).slice(0, MOST);
    node.replaceChildren(...fitting.map(option));
    node.hidden = !fitting.length;
    choose(-1);
    return undefined;
  }

  function option(one, index) {
    return el(
      "div",
      { role: "option", id: `${id}-${index}`, "aria-selected": "false", onmousedown: (event) => (event.preventDefault(), take(one.command)) },
      el("b", {}, `/${one.command}`),
      el("span", {}, one.description),
    );
  }

  function choose(index) {
    chosen = index;
    options().forEach((one, at) => one.setAttribute("aria-selected", String(at === index)));
    options()[index]?.scrollIntoView({ block: "nearest" });
    if (index < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", `${id}-${index}`);
  }

  function take(command) {
    field.value = `/${command} `;
    hide();
    field.focus();
  }

  function hide() {
    asked += 1;
    node.hidden = true;
    choose(-1);
  }

  // Whether the key was for the menu.
  function keyed(event) {
    if (node.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const count = node.childElementCount;
    if (step) choose((Math.max(chosen, step < 0 ? 0 : -1) + step + count) % count);
    else if (event.key === "Escape") hide();
    else if ((event.key === "Enter" || event.key === "Tab") && chosen >= 0) take(options()[chosen].firstChild.textContent.slice(1));
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  return { node, look, hide, keyed };
}
