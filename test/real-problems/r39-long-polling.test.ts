import { expect, test } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";
import type { Journey } from "../../kernel-lib/src/trace/journey.js";
import { succeed, swarmStage, type } from "./player.js";

/** A backend as Socket.IO's: a session is made by the first request, and known only in the memory of the task that made it. */
const SERVER = `const { createServer } = require("node:http");
const { randomBytes } = require("node:crypto");
const { hostname } = require("node:os");
const { WebSocketServer } = require("ws");
const sessions = new Set();
const opened = () => {
  const sid = randomBytes(15).toString("base64url");
  sessions.add(sid);
  return "0" + JSON.stringify({ sid, upgrades: ["websocket"], pingInterval: 25000, pingTimeout: 20000 });
};
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const sid = searchParams.get("sid");
  if (pathname !== "/socket.io/") response.end("Hello, " + hostname() + "\\n");
  else if (sid === null) response.end(opened());
  else if (sessions.has(sid)) response.end("40");
  else {
    response.writeHead(400, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ code: 1, message: "Session ID unknown" }));
  }
});
new WebSocketServer({ server, path: "/socket.io/" }).on("connection", (socket) => {
  socket.send(opened());
  socket.on("message", (text) => socket.send(hostname() + ": " + text));
});
server.listen(8000);
process.on("SIGTERM", () => process.exit(0));
`;

const DOCKERFILE = `FROM node:24-alpine
WORKDIR /app
RUN npm install ws
COPY server.js ./
EXPOSE 8000
CMD ["node", "server.js"]
`;

async function buildOn(node: Machine) {
  await node.sh`mkdir chat && printf %s ${SERVER} > chat/server.js && printf %s ${DOCKERFILE} > chat/Dockerfile`;
  await succeed(node, "docker build -q -t chat chat");
}

const HELLO = "curl -s http://192.168.56.100/";
const POLL = "http://192.168.56.100/socket.io/?transport=polling";
/** Two requests over one connection. */
const KEPT_ALIVE = `printf 'GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\nGET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n' | nc -w 1 192.168.56.100 80`;
const INSIDE = "nsenter --net=/var/run/docker/netns/ingress_sbox";

const sidIn = (answer: string): string => (JSON.parse(answer.slice(1)) as { readonly sid: string }).sid;

// miguelgrinberg/Flask-SocketIO#1431: with 2 replicas requests fail with 400 "Session ID unknown", with 1 all is well.
test("R39: long polling fails with two replicas behind the VIP", async () => {
  const { lab, docker01, docker02, docker03, client } = swarmStage("20.10");
  for (const node of [docker01, docker02, docker03]) await buildOn(node);
  await succeed(docker01, "docker service create -d --name chat --replicas 2 -p 80:8000 chat", "sleep 15");

  const hosts = (await type(client, `for i in 1 2 3 4; do ${HELLO}; done`)).trim().split("\n");
  expect(new Set(hosts).size).toBe(2);
  expect(hosts.slice(2)).toEqual(hosts.slice(0, 2));
  const sid = sidIn(await type(client, `curl -s '${POLL}'`));
  expect(await type(client, `curl -s -w ' %{http_code}' '${POLL}&sid=${sid}'`)).toBe(
    '{"code":1,"message":"Session ID unknown"} 400',
  );
  const table = await type(docker01, `${INSIDE} ipvsadm -ln`);
  expect(table).toMatch(/^FWM {2}\d+ rr$/m);
  expect(table).not.toContain("persistent");
  const kept = (await type(client, KEPT_ALIVE)).match(/Hello, \w+/g)!;
  expect(kept).toEqual([kept[0], kept[0]]);

  // The cause: ingress_sbox's IPVS chooses once for a connection, and gives the next connection of the same client to the next task.
  const trace = await lab.trace(() => type(client, `curl -s '${POLL}' > /dev/null; ${HELLO}`));
  const chosen = trace.find("TCP SYN 192.168.56.1:").map(taskChosen);
  expect(chosen).toHaveLength(2);
  expect(new Set(chosen).size).toBe(2);

  // The fix: the WebSocket transport from the start. Its session and all that follows are one connection.
  const socket = await client.webSocket("ws://192.168.56.100/socket.io/?transport=websocket");
  expect(sidIn((await socket.next()).text)).not.toBe("");
  const answers: string[] = [];
  for (const text of ["one", "two", "three", "four"]) {
    socket.send(text);
    answers.push((await socket.next()).text);
    await lab.sleep(seconds(30));
  }
  const task = answers[0]!.split(":")[0];
  expect(answers).toEqual(["one", "two", "three", "four"].map((text) => `${task}: ${text}`));
  expect(socket.closed).toBeNull();
  const entries = (await type(docker01, `${INSIDE} ipvsadm -lnc`)).split("\n");
  const established = entries.filter((line) => line.includes("ESTABLISHED"));
  expect(established).toEqual([
    expect.stringMatching(/^TCP \d\d:\d\d {2}ESTABLISHED 192\.168\.56\.1:\d+ +\S+:80 +10\.0\.0\.\d+:80 *$/),
  ]);
});

/** The task's address that IPVS wrote into a SYN. */
function taskChosen(syn: Journey): string {
  const [chosen] = syn.events.flatMap((event) =>
    event.kind === "hook" && event.netns === "ingress_sbox" && event.hook === "INPUT"
      ? event.changes.flatMap(({ what, after }) => (what === "destination" ? [after] : []))
      : [],
  );
  expect(chosen).toMatch(/^10\.0\.0\.\d+:80$/);
  return chosen!;
}
