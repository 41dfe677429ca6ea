// Search across all chats.

import { el } from "./dom.js";
import { dialog } from "./layer.js";
import { ask } from "./link.js";
import { emit, world } from "./store.js";
import { clockTime, t } from "./texts.js";

export function find() {
  const field = el("input", { type: "search", placeholder: t("search"), "aria-label": t("search"), oninput: () => soon(), onkeydown: (event) => keyed(event) });
  const results = el("ul", { class: "found" });
  const note = el("p", { class: "note", role: "status" }, t("search_hint"));
  const close = dialog(t("search"), el("div", { class: "finder" }, field, note, results), { wide: true });
  let timer = 0;
  let asked = 0;
  field.focus();

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(look, 150);
  }

  function keyed(event) {
    if (event.key === "ArrowDown") results.querySelector("button")?.focus();
    else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  }

  async function look() {
    const words = field.value.trim();
    const mine = (asked += 1);
    const { found } = words ? await ask(`search?${new URLSearchParams({ q: words })}`) : { found: [] };
    if (mine !== asked) return;
    note.textContent = words ? t("found", { n: found.length }) : t("search_hint");
    results.replaceChildren(...found.map((one) => el("li", {}, row(one))));
  }

  function row(one) {
    const go = () => {
      close();
      emit("open", { chat: one.chat, message: one.message });
    };
    return el(
      "button",
      { type: "button", onclick: go },
      el("b", {}, world.chats.get(one.chat)?.title ?? ""),
      el("time", {}, clockTime(one.at, true)),
      el("span", {}, one.name ? `${one.name}: ${one.line}` : one.line),
    );
  }
}
