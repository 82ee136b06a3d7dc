export const PAGE_JS = `const byId = (id) => document.getElementById(id);
const room = new URLSearchParams(location.search).get("room") ?? "";

/** The messages shown, by id, each once. */
const shown = new Map();
let socket = null;

function connect() {
  const url = new URL("ws", location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  if (room !== "") url.searchParams.set("room", room);
  socket = new WebSocket(url);
  socket.addEventListener("message", ({ data }) => hear(JSON.parse(data)));
  socket.addEventListener("close", () => {
    say("reconnecting", "The chat server is away: reconnecting…");
    setTimeout(connect, 1000);
  });
}

function hear(news) {
  if (news.type === "hello") {
    byId("host").textContent = news.host;
    byId("room").textContent = news.room;
    for (const message of news.messages) show(message);
    showRedis(news.redis);
  } else if (news.type === "message") show(news.message);
  else if (news.type === "status") showRedis(news.redis);
  else if (news.type === "error") say("error", \`Not sent: \${news.error}\`);
}

function showRedis(state) {
  if (state === "ready") say("ready", "Connected");
  else say("reconnecting", "Redis is away: reconnecting… What you send waits until it is back.");
}

function say(state, text) {
  const status = byId("status");
  status.dataset.state = state;
  status.textContent = text;
}

/** Puts a message at its place in time. Only text, never HTML: names and texts come from strangers. */
function show(message) {
  if (shown.has(message.id)) return;
  const item = document.createElement("li");
  item.dataset.id = message.id;
  const name = document.createElement("b");
  name.textContent = message.name;
  const place = document.createElement("small");
  place.textContent = \`\${new Date(message.time).toLocaleTimeString()} via \${message.host}\`;
  item.append(name, \` \${message.text} \`, place);
  shown.set(message.id, { message, item });
  const later = [...shown.values()]
    .filter((other) => other.message.time > message.time)
    .sort((a, b) => a.message.time - b.message.time)[0];
  const list = byId("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.insertBefore(item, later?.item ?? null);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (socket.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ name: byId("name").value, text: byId("text").value }));
  byId("text").value = "";
  byId("text").focus();
});

connect();
`;
