// The messages of one chat: only those near what is seen are in the document, however many there are.

import { bubble } from "./bubble.js";
import { el, iconButton } from "./dom.js";
import { ask } from "./link.js";
import { t } from "./texts.js";

const MOST = 140;
const PART = 50;
const NEAR = 500;

export class Messages {
  // `view` is what bubbles need; `onRead` is called when the newest message has been seen.
  constructor(chat, view, onRead) {
    this.chat = chat;
    this.view = view;
    this.onRead = onRead;
    this.topic = null;
    this.kept = [];
    this.older = false;
    this.newer = false;
    this.waiting = 0;
    this.busy = false;
    this.scroller = el("div", {
      class: "messages",
      role: "log",
      "aria-label": t("messages_of", { chat: chat.title }),
      "aria-live": "off",
      tabindex: "0",
      onscroll: () => this.scrolled(),
      onkeydown: (event) => this.keyed(event),
    });
    this.jumper = iconButton("down", t("newest"), () => this.toNewest(), { class: "jumper", hidden: true });
    this.count = el("span", { class: "count" });
    this.jumper.append(this.count);
    this.node = el("div", { class: "pane" }, this.scroller, this.jumper);
    this.sizes = new ResizeObserver(() => this.stuck && this.toEnd());
    this.sizes.observe(this.scroller);
    this.stuck = true;
  }

  close() {
    this.sizes.disconnect();
  }

  address(more) {
    const topic = this.topic === null ? {} : { topic: this.topic };
    const query = new URLSearchParams({ limit: PART, ...topic, ...more });
    return `chats/${encodeURIComponent(this.chat.key)}/messages?${query}`;
  }

  async toNewest() {
    if (!this.kept.length || this.newer) {
      const part = await ask(this.address({}));
      this.replace(part);
    }
    this.toEnd();
  }

  async jump(id) {
    if (!this.find(id)) {
      this.replace(await ask(this.address({ around: id })));
    }
    const node = this.find(id);
    if (!node) return;
    this.stuck = false;
    node.scrollIntoView({ block: "center" });
    node.focus({ preventScroll: true });
    node.classList.remove("lit");
    void node.offsetWidth;
    node.classList.add("lit");
  }

  find(id) {
    return this.scroller.querySelector(`[data-id="${Number(id)}"]`);
  }

  replace(part) {
    this.kept = part.messages;
    this.older = part.older;
    this.newer = part.newer;
    this.draw();
  }

  draw() {
    this.scroller.replaceChildren(...this.kept.map((message) => bubble(message, this.view)));
    this.group(this.scroller.children);
  }

  group(nodes) {
    for (const node of nodes) {
      const before = node.previousElementSibling;
      node.classList.toggle("follows", before?.dataset.from === node.dataset.from);
    }
  }

  toEnd() {
    this.stuck = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.seen();
  }

  seen() {
    if (this.newer || !this.stuck) return;
    this.waiting = 0;
    this.showJumper();
    this.onRead();
  }

  showJumper() {
    this.jumper.hidden = this.stuck && !this.newer;
    this.count.textContent = this.waiting || "";
  }

  scrolled() {
    const box = this.scroller;
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    this.stuck = !this.newer && below < 40;
    this.seen();
    this.showJumper();
    if (box.scrollTop < NEAR && this.older) this.more("before");
    else if (below < NEAR && this.newer) this.more("after");
  }

  async more(side) {
    if (this.busy || !this.kept.length) return;
    this.busy = true;
    try {
      const edge = side === "before" ? this.kept[0].id : this.kept.at(-1).id;
      const part = await ask(this.address({ [side]: edge }));
      if (side === "before") this.prepend(part);
      else this.append(part);
    } finally {
      this.busy = false;
    }
  }

  prepend(part) {
    const box = this.scroller;
    const anchor = box.firstElementChild;
    const top = anchor.offsetTop - box.scrollTop;
    const nodes = part.messages.map((message) => bubble(message, this.view));
    box.prepend(...nodes);
    this.kept = [...part.messages, ...this.kept];
    this.older = part.older;
    this.group([...nodes, anchor]);
    if (this.kept.length > MOST) {
      this.kept.length = MOST;
      while (box.children.length > MOST) box.lastElementChild.remove();
      this.newer = true;
    }
    box.scrollTop = anchor.offsetTop - top;
  }

  append(part) {
    const box = this.scroller;
    const nodes = part.messages.map((message) => bubble(message, this.view));
    box.append(...nodes);
    this.kept = [...this.kept, ...part.messages];
    this.newer = part.newer;
    this.group(nodes);
    this.trimOlder();
  }

  trimOlder() {
    const box = this.scroller;
    const surplus = this.kept.length - MOST;
    if (surplus <= 0) return;
    const anchor = box.lastElementChild;
    const top = anchor.offsetTop - box.scrollTop;
    this.kept.splice(0, surplus);
    for (let index = 0; index < surplus; index += 1) box.firstElementChild.remove();
    this.older = true;
    box.scrollTop = anchor.offsetTop - top;
  }

  // A message has come.
  add(message) {
    if (this.topic !== null && message.topic !== this.topic) return;
    if (this.newer || message.id <= (this.kept.at(-1)?.id ?? 0)) {
      this.waiting += 1;
      this.showJumper();
      return;
    }
    const node = bubble(message, this.view);
    node.classList.add("fresh");
    this.kept.push(message);
    this.scroller.append(node);
    this.group([node]);
    if (this.stuck) {
      this.trimOlder();
      this.toEnd();
    } else {
      this.waiting += 1;
      this.showJumper();
    }
  }

  edit(message) {
    const index = this.kept.findIndex((one) => one.id === message.id);
    if (index < 0) return;
    this.kept[index] = message;
    const former = this.find(message.id);
    const focused = former.contains(document.activeElement) ? document.activeElement : null;
    const node = bubble(message, this.view);
    former.replaceWith(node);
    this.group([node, node.nextElementSibling].filter(Boolean));
    if (focused) (node.querySelector(".key:not(:disabled)") ?? node).focus({ preventScroll: true });
    if (this.stuck) this.toEnd();
  }

  drop(id) {
    this.kept = this.kept.filter((one) => one.id !== id);
    this.find(id)?.remove();
  }

  // Arrows go from message to message; Enter opens the menu of one.
  keyed(event) {
    const current = document.activeElement.closest?.("[data-id]");
    if (event.key === "Enter" && current === document.activeElement) {
      current.querySelector(".opener")?.click();
      event.preventDefault();
      return;
    }
    const step = { ArrowUp: "previousElementSibling", ArrowDown: "nextElementSibling" }[event.key];
    if (!step || (current && current !== document.activeElement)) return;
    const next = current ? current[step] : this.scroller.lastElementChild;
    if (next) {
      next.focus();
      event.preventDefault();
    }
  }
}
