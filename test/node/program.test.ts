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
