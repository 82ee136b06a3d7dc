import { readFileSync } from "node:fs";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";

export const NODES = ["docker01", "docker02", "docker03"] as const;

/** A file of the recordings of the swarm. */
export function recording(path: string): string {
  return readFileSync(new URL(`../oracle/swarm/${path}`, import.meta.url), "utf8");
}

/** What a recorded command printed: without its first line. */
export function printed(path: string): string {
  return recording(path).replace(/^# .*\n/, "");
}

/** The recordings' swarm, and who is in it. */
export class RecordedSwarm {
  /** The overlay namespace of the ingress network, by node: `1-2f4ug83ox8`. */
  readonly overlay: Readonly<Record<string, string>>;

  private constructor(readonly lab: Lab) {
    this.overlay = Object.fromEntries(
      NODES.map((node) => [node, /^1-\w+/m.exec(this.out(node, "ls /var/run/docker/netns"))?.[0] ?? ""]),
    );
  }

  /** docker01 and docker03 managers, docker02 worker; the ingress network's pool as in the seeds, or Docker's own; namespaces where `ip netns` finds them. */
  static make(pool: "seed" | "default" = "seed"): RecordedSwarm {
    const ingress = pool === "seed" ? { ingress: "10.255.0.0/16" } : {};
    const lab = Lab.preset("swarm", { docker: "20.10", ...ingress, seed: 7 }) as unknown as Lab;
    for (const node of NODES) lab.machine(node).exec("ln -s /var/run/docker/netns /var/run/netns");
    return new RecordedSwarm(lab);
  }

  /** With the service of the first seed, kept off docker02 while it was created. */
  static async withService(): Promise<RecordedSwarm> {
    const swarm = RecordedSwarm.make();
    await swarm.run(
      "docker01",
      "docker node update --availability drain docker02 > /dev/null",
      "docker service create -d --name helloworld --replicas=2 -p 80:8000 momijiame/greeting:1.0",
      "sleep 20",
      "docker node update --availability active docker02 > /dev/null",
      "sleep 3",
    );
    // The recording's first request, before anything was captured.
    await swarm.run("client", "curl -s -m 5 192.168.56.101");
    return swarm;
  }

  machine(name: string): Machine {
    return this.lab.machine(name);
  }

  /** What a command prints. */
  out(node: string, command: string): string {
    return this.machine(node).exec(command).stdout;
  }

  /** Types lines; each must succeed. */
  async run(node: string, ...lines: readonly string[]): Promise<string> {
    let all = "";
    for (const line of lines) {
      const { status, stdout, stderr } = await this.machine(node).script(line);
      if (status !== 0) throw new Error(`${node}: ${line}: ${stderr}${stdout}`);
      all += stdout;
    }
    return all;
  }

  /** The namespaces of a node's containers of a service. */
  async sandboxes(node: string, service = "helloworld"): Promise<readonly string[]> {
    const text = await this.run(
      node,
      `for c in $(docker ps -q --filter label=com.docker.swarm.service.name=${service}); do basename $(docker inspect -f '{{.NetworkSettings.SandboxKey}}' $c); done`,
    );
    return text.trim() === "" ? [] : text.trim().split("\n");
  }

  /** Counters of rules and of IPVS to zero, tracked connections forgotten, on all nodes (the recordings' `zero`). */
  async zero(): Promise<void> {
    for (const node of NODES) {
      const tables = "for t in filter nat mangle; do iptables -t $t -Z; done";
      await this.run(
        node,
        `conntrack -F > /dev/null 2>&1; ${tables}; for n in $(ls /var/run/docker/netns); do ip netns exec $n conntrack -F > /dev/null 2>&1; for t in filter nat mangle; do ip netns exec $n iptables -t $t -Z; done; ip netns exec $n ipvsadm -Z 2> /dev/null; done; true`,
      );
    }
  }

  /** Addresses in the ingress network by the short id of the container, which is what a greeting tells. */
  async replicas(): Promise<ReadonlyMap<string, string>> {
    const all = new Map<string, string>();
    for (const node of NODES) {
      const text = await this.run(
        node,
        'for c in $(docker ps -q --filter label=com.docker.swarm.service.name=helloworld); do echo "$c $(docker inspect -f "{{.NetworkSettings.Networks.ingress.IPAddress}}" $c)"; done',
      );
      for (const [, id, address] of text.matchAll(/^(\w{12}) (\S+)$/gm)) all.set(id!, address!);
    }
    return all;
  }
}
