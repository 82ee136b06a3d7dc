import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";

/** Compose files that `docker stack deploy` of Docker 20.10.24 refused, each with what it said. */
const refused = readFileSync(
  new URL("../oracle/swarm-commands/compose-refusals.txt", import.meta.url),
  "utf8",
)
  .split("--- file\n")
  .slice(1)
  .map((block) => {
    const [file = "", text = ""] = block.split("--- says\n");
    return { file, text };
  });

const FILE = `version: "3.8"
services:
  web:
    image: momijiame/greeting:1.0
    ports: ["8088:8000"]
    networks: [front]
    environment: { A: "1", C: 3 }
    deploy: { replicas: 2 }
  db:
    image: alpine
    command: sleep 10000
    networks:
      front: { aliases: [database] }
networks:
  front:
`;

const shown = async (machine: Machine, command: string) => {
  const { stdout, stderr, status } = await machine.script(command);
  return `${stdout}${stderr.replace(/^(?=[\s\S])/gm, "! ")}${status === 0 ? "" : `= ${status}\n`}`;
};

describe("docker stack", () => {
  let machine: Machine;

  beforeAll(() => {
    machine = Lab.preset("swarm", { docker: "20.10", seed: 7 }).machines.docker01;
  });

  it.each(refused)("refuses $file", async ({ file, text }) => {
    expect(
      await shown(machine, `cat > /root/b.yml <<'X'\n${file}X\ndocker stack deploy -c /root/b.yml bad`),
    ).toBe(text);
  });

  it("deploys a file, lists what it made, and removes it", async () => {
    await machine.script(`cat > s.yml <<'X'\n${FILE}X\n`);
    expect(await shown(machine, "docker stack deploy -c s.yml st")).toBe(
      "Creating network st_front\nCreating service st_web\nCreating service st_db\n",
    );
    await machine.script("sleep 5");
    expect(await shown(machine, "docker stack ls")).toBe(
      "NAME      SERVICES   ORCHESTRATOR\nst        2          Swarm\n",
    );
    expect(
      await shown(machine, "docker stack services --format '{{.Name}} {{.Replicas}} {{.Ports}}' st"),
    ).toBe("st_db 1/1 \nst_web 2/2 *:8088->8000/tcp\n");
    expect(
      await shown(machine, "docker stack ps --format '{{.Name}} {{.CurrentState}}' st | cut -d' ' -f1-2"),
    ).toBe("st_db.1 Running\nst_web.1 Running\nst_web.2 Running\n");
    expect(
      await shown(
        machine,
        "docker service inspect -f '{{json .Spec.TaskTemplate.ContainerSpec.Env}} {{.Spec.Labels}}' st_web",
      ),
    ).toBe(
      '["A=1","C=3"] map[com.docker.stack.image:momijiame/greeting:1.0 com.docker.stack.namespace:st]\n',
    );
    expect(await shown(machine, "docker network rm st_front | cat")).toMatch(/is in use by service/);
    expect(await shown(machine, "docker stack rm st")).toBe(
      "! Removing service st_db\n! Removing service st_web\n! Removing network st_front\n",
    );
    await machine.script("sleep 15");
    expect(
      await shown(machine, "docker ps -q; docker network ls -qf name=st_front; docker stack rm st"),
    ).toBe("! Nothing found in stack: st\n");
  });

  it("says which options are passed over, and puts variables in", async () => {
    const file = `version: "3"\nservices:\n  a:\n    image: \${IMAGE:-alpine}\n    build: .\n    expose: [80]\n    environment: [A=$HOME, "B=$$x"]\n`;
    expect(await shown(machine, `cat > v.yml <<'X'\n${file}X\ndocker stack deploy -c v.yml v`)).toBe(
      "Creating network v_default\nCreating service v_a\n! Ignoring unsupported options: build\n! \n! Ignoring deprecated options:\n! \n! expose: Exposing ports is unnecessary - services on the same network can access each other's containers on any port.\n! \n",
    );
    expect(
      await shown(machine, "docker service inspect -f '{{.Spec.TaskTemplate.ContainerSpec.Env}}' v_a"),
    ).toBe("[A=/root B=$x]\n");
    await machine.script("docker stack rm v");
  });
});
