// The page's words and its ways of writing times, in the language chosen.

const LANGUAGES = ["id", "en"];
let said = {};
export let language = "id";

export async function speak(wanted) {
  language = LANGUAGES.includes(wanted) ? wanted : "en";
  said = await (await fetch(`texts/${language}`)).json();
  document.documentElement.lang = language;
}

export function t(key, gaps = {}) {
  const words = said[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (gap, name) => (name in gaps ? String(gaps[name]) : gap));
}

let zone;

export function setZone(name) {
  zone = name || undefined;
}

export function clockTime(seconds, withSeconds = false) {
  const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  if (withSeconds) parts.second = "2-digit";
  return new Intl.DateTimeFormat(language, parts).format(seconds * 1000);
}

export function exerciseTime(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const part = (value) => String(value).padStart(2, "0");
  return `${t("clock")}+${part(Math.floor(whole / 3600))}:${part(Math.floor(whole / 60) % 60)}:${part(whole % 60)}`;
}

export function size(bytes) {
  const units = ["B", "kB", "MB"];
  let power = 0;
  while (bytes >= 1000 && power < 2) {
    bytes /= 1000;
    power += 1;
  }
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: power ? 1 : 0 }).format(bytes)} ${units[power]}`;
}
