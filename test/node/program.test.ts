import { Lab } from "hopbook";
import { expect, it } from "vitest";
import { node } from "../../kernel-lib/src/apps/node/node.js";

async function run(text: string, files: Record<string, string> = {}) {
  const lab = Lab.preset("single", { seed: 3 });
  const { host } = lab.machines.docker01;
  host.programs.set("node", node);
  for (const [path, content] of Object.entries({ "/root/main.js": text, ...files }))
    host.files.write(path, content);
  return lab.machines.docker01.sh`node /root/main.js`;
}

it("prints, waits and ends", async () => {
  const result = await run(`
    console.log("one", { a: 1, list: [1, 2, 3] });
    setTimeout(() => console.log("three"), 20);
    Promise.resolve().then(() => console.log("two b"));
    process.nextTick(() => console.log("two a"));
    setImmediate(() => console.log("immediate"));
  `);
  expect(result.stderr).toBe("");
  expect(result.text).toBe("one { a: 1, list: [ 1, 2, 3 ] }\ntwo a\ntwo b\nimmediate\nthree");
});

it("talks over TCP", async () => {
  const result = await run(`
    const net = require("node:net");
    const server = net.createServer((socket) => {
      socket.on("data", (data) => socket.write("echo " + data));
      socket.on("end", () => { console.log("server: end"); socket.end(); });
    });
    server.listen(5000, () => {
      console.log(server.address());
      const client = net.connect(5000, "127.0.0.1", () => { console.log("connected", client.remotePort); client.write("hello"); });
      client.on("data", (data) => { console.log(String(data)); client.end(); });
      client.on("close", () => { console.log("closed"); server.close(); });
    });
    net.connect(5001, "127.0.0.1").on("error", (error) => console.log(error.message, error.code, error.errno));
  `);
  expect(result.stderr).toBe("");
  expect(result.text).toBe(
    "{ address: '::', family: 'IPv6', port: 5000 }\nconnect ECONNREFUSED 127.0.0.1:5001 ECONNREFUSED -111\nconnected 5000\necho hello\nserver: end\nclosed",
  );
});

it("serves HTTP and WebSocket with ws, which is installed by npm, and says the status that it ends with", async () => {
  const lab = Lab.preset("single", { seed: 3, docker: "20.10" });
  const { docker01, client } = lab.machines;
  const program = `
    const { createServer } = require("http");
    const { WebSocketServer } = require("ws");
    const server = createServer((request, response) => response.end(request.method + " " + request.url + "\\n"));
    new WebSocketServer({ server }).on("connection", (socket) => socket.on("message", (text) => socket.send("echo " + text)));
    server.listen(5000);
    process.on("SIGTERM", () => process.exit(7));
    setInterval(() => {}, 1000);`;
  const dockerfile =
    'FROM node:24-alpine\nWORKDIR /app\nRUN npm install ws\nCOPY server.js ./\nCMD ["node", "server.js"]\n';
  await docker01.sh`mkdir app; printf %s ${program} > app/server.js; printf %s ${dockerfile} > app/Dockerfile`;
  await docker01.sh`docker build -q -t app app`;
  await docker01.sh`docker run -d --name web -p 5000:5000 app`;
  expect((await client.sh`curl -s http://192.168.56.101:5000/a?b=1`).text).toBe("GET /a?b=1");
  const socket = await client.webSocket("ws://192.168.56.101:5000/");
  socket.send("hello");
  expect((await socket.next()).text).toBe("echo hello");
  expect(() => lab.wait(2e9)).toThrow("await lab.sleep");
  await lab.sleep(2e9);
  expect(
    (await docker01.sh`docker stop web >/dev/null; docker inspect web -f '{{.State.ExitCode}}'`).text,
  ).toBe("7");
  const again = await Lab.replay(String(lab.journal));
  expect(again.now).toBe(lab.now);
  const failed =
    await docker01.sh`docker run --rm node:24-alpine node -e 'Promise.reject(new TypeError("no"))'`;
  expect([failed.status, failed.stderr.includes("TypeError: no")]).toEqual([1, true]);
});
