// Elements, made without any markup from strings: text is always text.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "value" || name === "checked" || name === "disabled") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

const PATHS = {
  pause: "M7 5h3v14H7zM14 5h3v14h-3z",
  play: "M8 5.5v13l10.500-6.500z",
  step: "M5 5.500v13l9-6.500zM16 5.500h3v13h-3z",
  search: "M10.500 4a6.500 6.500 0 1 0 4 11.600l4.700 4.700 1.400-1.400-4.700-4.700A6.500 6.500 0 0 0 10.500 4zm0 2a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9z",
  more: "M12 4.500a1.700 1.700 0 1 1 0 3.400 1.700 1.700 0 0 1 0-3.400zm0 5.800a1.700 1.700 0 1 1 0 3.400 1.700 1.700 0 0 1 0-3.400zm0 5.800a1.700 1.700 0 1 1 0 3.400 1.700 1.700 0 0 1 0-3.400z",
  back: "M14.500 5 8 12l6.500 7 1.400-1.400L10.800 12l5.100-5.600z",
  send: "M4 4.500 21 12 4 19.500l1.800-6.300L14 12l-8.200-1.200z",
  clip: "M8 12.500V7a4 4 0 0 1 8 0v9a5.500 5.500 0 0 1-11 0V8h1.600v8a3.900 3.900 0 0 0 7.800 0V7a2.400 2.400 0 0 0-4.800 0v8.500a.9.9 0 0 0 1.800 0V9H13v6.500a2.500 2.500 0 0 1-5 0z",
  bolt: "M13.500 2.500 5 13.500h5.500L9.500 21.500 19 10h-6z",
  grid: "M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z",
  expand: "M4 4h7v2H7.400l4 4L10 11.400l-4-4V11H4zM20 20h-7v-2h3.600l-4-4 1.400-1.400 4 4V13h2z",
  down: "M12 16.500 5 9.500 6.400 8l5.600 5.600L17.600 8 19 9.500z",
  close: "m6.400 5 5.600 5.600L17.600 5 19 6.400 13.400 12l5.600 5.600-1.400 1.400-5.600-5.600L6.400 19 5 17.600l5.600-5.600L5 6.400z",
  moon: "M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z",
  file: "M6 3h8l5 5v13H6zm7 1.500V9h4.500z",
  mic: "M12 3a3 3 0 0 1 3 3v6a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3zM6 11h1.700a4.300 4.300 0 0 0 8.600 0H18a6 6 0 0 1-5.100 5.900V20h-1.800v-3.100A6 6 0 0 1 6 11z",
  pin: "M12 2.500a6.500 6.500 0 0 1 6.500 6.500c0 4.500-6.500 12.500-6.500 12.500S5.500 13.500 5.500 9A6.500 6.500 0 0 1 12 2.500zm0 4A2.500 2.500 0 1 0 12 11.500 2.500 2.500 0 0 0 12 6.500z",
  person: "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zm0 9.500c4 0 7.500 2 7.500 4.500v2h-15v-2c0-2.500 3.500-4.500 7.500-4.500z",
};

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, more = {}) {
  return el("button", { type: "button", class: "plain", "aria-label": label, title: label, onclick, ...more }, icon(name));
}

export function initials(name) {
  const words = name.trim().split(/[\s/]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.slice(0, 2).map((word) => [...word][0]);
  return letters.join("").toUpperCase() || "?";
}

// One of eight hues, the same for the same key everywhere.
export function hue(key) {
  let sum = 0;
  for (const letter of String(key)) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return sum % 8;
}

export function avatar(name, key) {
  return el("span", { class: `avatar hue${hue(key)}`, "aria-hidden": "true" }, initials(name));
}

// The words with a polite voice, for those who do not see toasts.
export function announce(words) {
  document.getElementById("said").textContent = words;
}
