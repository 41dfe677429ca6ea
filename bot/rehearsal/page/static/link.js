// The line to the stand-in: what is told, and what is asked for.

export async function ask(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error((await answer.json()).why);
  return answer.json();
}

async function send(path, body) {
  const answer = await fetch(path, { method: "POST", body });
  const told = await answer.json();
  if (!told.ok) throw new Error(told.why);
  return told;
}

export function act(act, file) {
  if (!file) return send("acts", JSON.stringify(act));
  const form = new FormData();
  form.append("act", JSON.stringify(act));
  form.append("file", file);
  return send("acts", form);
}

export function steer(control) {
  return send("controls", JSON.stringify(control));
}

const AGAIN_AFTER = [300, 600, 1200, 2500, 5000];

// Calls `told` with everything that is told, and `standing` when the line breaks or stands again.
export function follow(told, standing) {
  let tries = 0;
  const connect = () => {
    const address = new URL("live", document.baseURI);
    address.protocol = address.protocol.replace("http", "ws");
    address.hash = "";
    const socket = new WebSocket(address);
    socket.onmessage = (event) => {
      tries = 0;
      told(JSON.parse(event.data));
    };
    socket.onopen = () => standing(true);
    socket.onclose = () => {
      standing(false);
      setTimeout(connect, AGAIN_AFTER[Math.min(tries, AGAIN_AFTER.length - 1)]);
      tries += 1;
    };
  };
  connect();
}
