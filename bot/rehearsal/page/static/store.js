// What the page knows, and who wants to hear of it.

export const world = {
  people: new Map(),
  chats: new Map(),
  units: new Map(),
  roles: {},
  control: null,
  injects: new Map(),
  pulse: null,
  pulseAt: 0,
  profiles: [],
  title: "",
  connected: false,
};

const bus = new EventTarget();

export function on(kind, listener) {
  const heard = (event) => listener(event.detail);
  bus.addEventListener(kind, heard);
  return () => bus.removeEventListener(kind, heard);
}

export function emit(kind, detail) {
  bus.dispatchEvent(new CustomEvent(kind, { detail }));
}

export function take(news) {
  const chat = world.chats.get(news.chat);
  switch (news.type) {
    case "world":
      return begin(news);
    case "pulse":
      world.pulse = news;
      world.pulseAt = performance.now();
      return emit("pulse");
    case "injects":
      for (const inject of news.injects) world.injects.set(inject.id, inject);
      return emit("injects");
    case "chat":
      world.chats.set(news.chat.key, news.chat);
      for (const member of news.chat.members) if (!world.people.has(member.id)) world.people.set(member.id, member);
      return emit("chat", news.chat.key);
    case "message":
      if (!chat) return undefined;
      chat.last = news.message;
      chat.count += 1;
      return emit("message", news);
    case "edit":
      if (!chat) return undefined;
      if (chat.last?.id === news.message.id) chat.last = news.message;
      return emit("edit", news);
    default:
      return emit(news.type, news);
  }
}

function begin(news) {
  world.people = new Map(news.people.map((person) => [person.id, person]));
  world.bots = new Map(news.bots.map((bot) => [bot.id, bot]));
  world.chats = new Map(news.chats.map((chat) => [chat.key, chat]));
  world.units = new Map(news.units.map((unit) => [unit.id, unit]));
  world.injects = new Map(news.injects.map((inject) => [inject.id, inject]));
  for (const part of ["roles", "control", "title", "profiles", "pulse", "zone"]) world[part] = news[part];
  world.language = news.language;
  world.pulseAt = performance.now();
  emit("world");
}

// The chat as it is now: a group that became a supergroup leads on.
export function present(key) {
  let chat = world.chats.get(key);
  while (chat?.moved_to && world.chats.has(chat.moved_to)) chat = world.chats.get(chat.moved_to);
  return chat;
}

export function unitOf(key) {
  for (const unit of world.units.values()) if (present(unit.chat)?.key === key) return unit;
  return null;
}

// Seconds of the world's clock, and of the exercise's, at this instant.
export function now() {
  if (!world.pulse) return 0;
  return world.pulse.now + ((performance.now() - world.pulseAt) / 1000) * world.pulse.going;
}

export function elapsed() {
  const exercise = world.pulse?.exercise;
  if (!exercise) return 0;
  return exercise.runs ? exercise.elapsed + (now() - world.pulse.now) : exercise.elapsed;
}

// What has been read, shared by every tab of this rehearsal.
const READ = `read:${location.pathname}`;
let read = JSON.parse(localStorage.getItem(READ) ?? "{}");
window.addEventListener("storage", (event) => {
  if (event.key === READ) {
    read = JSON.parse(event.newValue ?? "{}");
    emit("read");
  }
});

export function unread(chat) {
  const last = chat.last?.id ?? 0;
  return Math.max(0, last - (read[chat.key] ?? 0));
}

export function markRead(key) {
  const last = world.chats.get(key)?.last?.id ?? 0;
  if ((read[key] ?? 0) >= last) return;
  read[key] = last;
  localStorage.setItem(READ, JSON.stringify(read));
  emit("read");
}
