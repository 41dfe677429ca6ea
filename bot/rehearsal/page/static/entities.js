// Telegram's entities as elements: an allow-list, and links only to where links may lead.

import { el } from "./dom.js";

const TAGS = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};
const MARKED = new Set(["mention", "hashtag", "cashtag", "bot_command", "phone_number", "email", "text_mention"]);

export function safeLink(address) {
  try {
    const url = new URL(address);
    return ["http:", "https:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function wrap(entity, words, follow) {
  if (entity.type in TAGS) return el(TAGS[entity.type]);
  if (entity.type === "spoiler") {
    return el("span", { class: "spoiler", tabindex: "0", onclick: reveal, onkeydown: reveal });
  }
  if (MARKED.has(entity.type)) return el("span", { class: "mention" });
  if (entity.type === "url" || entity.type === "text_link") {
    const plain = entity.url ?? (/^https?:/i.test(words) ? words : `https://${words}`);
    const href = safeLink(plain);
    if (!href) return el("span");
    const join = /^https?:\/\/t\.me\/\w+\?start(group)?=/.test(href);
    const opened = join ? { onclick: (event) => (event.preventDefault(), follow(href)) } : { target: "_blank" };
    return el("a", { href, rel: "noreferrer noopener", ...opened });
  }
  return el("span");
}

function reveal(event) {
  if (event.type === "click" || event.key === "Enter") event.currentTarget.classList.add("open");
}

// The words as nodes. Offsets count UTF-16 units, as strings here do; entities nest and never overlap otherwise.
export function rendered(words, entities = [], follow = () => {}) {
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const root = document.createDocumentFragment();
  const open = [{ node: root, end: words.length }];
  let at = 0;

  const advance = (to) => {
    while (at < to) {
      const inner = open.at(-1);
      const stop = Math.min(to, inner.end);
      if (stop > at) inner.node.append(words.slice(at, stop));
      at = stop;
      if (at >= inner.end && open.length > 1) open.pop();
      else if (stop === to) break;
    }
    while (open.length > 1 && at >= open.at(-1).end) open.pop();
  };

  for (const entity of sorted) {
    const begin = Math.max(entity.offset, at);
    advance(begin);
    const end = Math.min(entity.offset + entity.length, open.at(-1).end);
    if (end <= begin) continue;
    const node = wrap(entity, words.slice(begin, end), follow);
    open.at(-1).node.append(node);
    open.push({ node, end });
  }
  advance(words.length);
  return root;
}
