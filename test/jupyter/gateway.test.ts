import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { describeWith, hasProgram } from "../support/requirement.js";
import { shown, withKernel } from "./kernel-under-test.js";

const REAL = { met: hasProgram("redis-server"), reason: "no redis-server on this machine" };

describeWith("a notebook joins a real redis-server to its lab", REAL, () => {
  const kernel = withKernel();

  it("by hopbook/gateway, with its types checked", async () => {
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const { port } = probe.address() as { port: number };
    probe.close();
    const server = spawn("redis-server", ["--port", String(port), "--save", "", "--bind", "127.0.0.1"]);
    try {
      for await (const chunk of server.stdout) if (String(chunk).includes("Ready to accept")) break;
      const wrong = await kernel().execute('import { realRedis } from "hopbook/gateway";\nrealRedis(1, 2);');
      expect(shown(wrong.outputs).join("\n")).toContain(
        "Argument of type 'number' is not assignable to parameter of type 'string'",
      );
      const { outputs } = await kernel().execute(`import { Lab } from "hopbook";
import { realRedis } from "hopbook/gateway";
const lab = Lab.preset("single", { docker: "20.10", seed: 1 });
const { docker01 } = lab.machines;
const redis = await realRedis("127.0.0.1", ${port});
lab.gateway("redis", redis);
await docker01.sh\`docker run -d --name redis redis\`;
await docker01.sh\`docker exec redis redis-cli set cell one\`;
console.log((await docker01.sh\`docker exec redis redis-cli get cell\`).text);
redis.close();`);
      expect(shown(outputs).join("\n")).toContain("one");
    } finally {
      server.kill("SIGKILL");
    }
  });
});
