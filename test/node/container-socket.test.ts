import { beforeAll, describe, expect, it } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import type { Container } from "../../kernel-lib/src/lab/container.js";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

const SERVER = `
  const { hostname } = require("os");
  const { WebSocketServer } = require("ws");
  const server = new WebSocketServer({ port: 5000 });
  server.on("connection", (socket, request) => {
    socket.on("message", (text) => socket.send(request.socket.remoteAddress + ": " + text));
    socket.on("close", (code) => console.log("closed", code));
  });`;
const DOCKERFILE =
  'FROM node:24-alpine\nWORKDIR /app\nRUN npm install ws\nCOPY server.js ./\nCMD ["node", "server.js"]\n';

describe("a WebSocket from a container to another by its name", () => {
  let lab: Lab;
  let user: Container;

  beforeAll(async () => {
    lab = Lab.preset("single", { seed: 3, docker: "20.10" }) as unknown as Lab;
    const docker01 = lab.machine("docker01");
    await docker01.sh`mkdir app; printf %s ${SERVER} > app/server.js; printf %s ${DOCKERFILE} > app/Dockerfile`;
    const { status } =
      await docker01.sh`docker build -q -t app app && docker network create n && docker run -d --name web --net n app && docker run -d --name user --net n alpine sleep 1000`;
    expect(status).toBe(0);
    user = docker01.container("user");
  });

  it("has the container's address, and is in the journal and its replay, a refused one too", async () => {
    const socket = await user.webSocket("ws://web:5000/");
    socket.send("hello");
    expect((await socket.next()).text).toContain("172.18.0.3: hello");
    socket.close();
    await lab.sleep(seconds(1));
    expect(socket.closed!.code).toBe(1000);
    await expect(user.webSocket("ws://web:5001/")).rejects.toThrow("connect ECONNREFUSED 172.18.0.2:5001");
    const text = String(lab.journal);
    expect(text).toContain('"container": "user"');
    const again = await Lab.replay(text);
    expect([again.now, String(again.journal)]).toEqual([lab.now, text]);
  });

  it("a container that does not run has none", async () => {
    const nobody = lab.machine("docker01").container("nobody");
    await expect(nobody.webSocket("ws://web:5000/")).rejects.toThrow(
      'docker01 has no running container "nobody"',
    );
  });

  it("ends with its container: no goodbye, and no wait for what cannot come", async () => {
    const socket = await user.webSocket("ws://web:5000/");
    const docker01 = lab.machine("docker01");
    await docker01.sh`docker kill user`;
    expect(socket.closed!.code).toBe(1006);
    await expect(socket.next()).rejects.toThrow("it is closed");
    expect(() => socket.send("late")).toThrow("is closed");
    await lab.sleep(seconds(1));
    expect((await docker01.sh`docker logs web`).text).toContain("closed 1006");
  });
});
