import { describe, expect, it } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

const IMAGE = "momijiame/greeting:1.0";

/** Ids and ages as letters of the same length, so that columns stay where they are. */
const plain = (text: string) =>
  text.replace(/^[0-9a-z]{25}(?= )/gm, "I".repeat(25)).replace(/^[0-9a-z]{12}(?= )/gm, "I".repeat(12));

/** Layouts: 1.12 as seed 003 has it, 17.05 as seed 000, 20.10 as recorded. */
const LISTINGS = {
  "1.12": {
    ls: `ID            NAME        REPLICAS  IMAGE                   COMMAND
IIIIIIIIIIII  everywhere  global    alpine                  sleep 1000
IIIIIIIIIIII  helloworld  2/2       ${IMAGE}  
`,
    heading: /^ID {25}NAME {10}IMAGE {19}NODE {6}DESIRED STATE {2}CURRENT STATE {7,10}ERROR$/m,
  },
  "17.05": {
    ls: `ID                  NAME                MODE                REPLICAS            IMAGE                    PORTS
IIIIIIIIIIII        everywhere          global              3/3                 alpine:latest            
IIIIIIIIIIII        helloworld          replicated          2/2                 ${IMAGE}   *:80->8000/tcp
`,
    heading: /^ID {18}NAME {16}IMAGE {20}NODE {16}DESIRED STATE {7}CURRENT STATE {11,12}ERROR {15}PORTS$/m,
  },
  "20.10": {
    ls: `ID             NAME         MODE         REPLICAS   IMAGE                    PORTS
IIIIIIIIIIII   everywhere   global       3/3        alpine:latest            
IIIIIIIIIIII   helloworld   replicated   2/2        ${IMAGE}   *:80->8000/tcp
`,
    heading: /^ID {13}NAME {11}IMAGE {20}NODE {7}DESIRED STATE {3}CURRENT STATE {11,12}ERROR {5}PORTS$/m,
  },
} as const;

describe.each(Object.entries(LISTINGS))("listings of Docker %s", (docker, { ls, heading }) => {
  it("are laid out as that release's", async () => {
    const { docker01 } = Lab.preset("swarm", { docker: docker as "20.10", seed: 7 }).machines;
    await docker01.script(
      `docker service create -d --name helloworld --replicas=2 -p 80:8000 ${IMAGE}; docker service create -d --name everywhere --mode global alpine sleep 1000; sleep 10`,
    );
    expect(plain((await docker01.script("docker service ls")).stdout)).toBe(ls);
    const ps = (await docker01.script("docker service ps helloworld")).stdout;
    expect(ps).toMatch(heading);
    expect(ps.match(/helloworld\.[12] /g)).toEqual(["helloworld.1 ", "helloworld.2 "]);
  });
});

describe("docker service", () => {
  it("waits until a service is as it was asked to be, scales, updates and rolls back", async () => {
    const { docker01 } = Lab.preset("swarm", { docker: "20.10", seed: 7 }).machines;
    const said = async (command: string) => (await docker01.script(`${command} | uniq`)).stdout;
    expect(
      (await said(`docker service create --name web --replicas 2 ${IMAGE}`)).split("\n").slice(1),
    ).toEqual([
      "overall progress: 0 out of 2 tasks",
      "1/2:  ",
      "2/2:  ",
      "overall progress: 0 out of 2 tasks",
      "overall progress: 2 out of 2 tasks",
      ...[5, 4, 3, 2, 1].map((n) => `verify: Waiting ${n} seconds to verify that tasks are stable...`),
      "verify: Service converged",
      "",
    ]);
    expect(await said("docker service scale -d web=3")).toBe("web scaled to 3\n");
    expect(await said("docker service update -q --env-add A=1 web")).toBe("web\n");
    expect(await said("docker service inspect -f '{{.Spec.TaskTemplate.ContainerSpec.Env}}' web")).toBe(
      "[A=1]\n",
    );
    expect(await said("docker service rollback -q web")).toBe("web\n");
    expect(
      await said(
        "docker service inspect -f '{{.Spec.TaskTemplate.ContainerSpec.Env}} {{.UpdateStatus.State}}' web",
      ),
    ).toBe("[] rollback_completed\n");
    expect(await said("docker service logs web")).toBe("");
    expect(await said("docker service rm web")).toBe("web\n");
  });

  it("shows what a failed task has logged, and why another one stays pending", async () => {
    const { docker01 } = Lab.preset("swarm", { docker: "20.10", seed: 7 }).machines;
    await docker01.script(
      "docker service create -d --name once --restart-condition none alpine sh -c 'echo hello; exit 3'; docker service create -d --name pend --constraint node.labels.zone==east alpine; sleep 6",
    );
    expect((await docker01.script("docker service logs --no-task-ids once")).stdout).toMatch(
      /^once\.1@docker0\d {4}\| hello\n$/,
    );
    expect(
      (await docker01.script("docker service ps --format '{{.Name}} {{.CurrentState}} {{.Error}}' once"))
        .stdout,
    ).toMatch(/^once\.1 Failed .* ago "task: non-zero exit \(3\)"\n$/);
    expect((await docker01.script("docker service ps --format '{{.Node}}{{.Error}}' pend")).stdout).toBe(
      '"no suitable node (scheduling …"\n',
    );
  });
});
