import type { Container } from "../container.js";
import type { Lab } from "../lab.js";
import type { LoadResult } from "../load/result.js";
import type { Machine } from "../machine.js";
import { Path, type PathOptions } from "./path.js";
import { checkReach, type ReachOptions } from "./reach.js";
import { report } from "./report.js";
import { checkRule, type RuleWanted } from "./rule.js";
import { type Captured, checkSeen, type SeenOptions } from "./seen.js";
import { Spread, type SpreadOptions } from "./spread.js";

/**
 * Checks of what a lab does: of its final state and of packets, never of the commands that led there. They send probes of their own, which stand in the
 * journal. One that holds prints a line; one that does not throws a {@link CheckFailure}, which says what was expected, what was seen, and which hop to look at.
 */
export class Checks {
  /** @internal */
  constructor(
    private readonly lab: Lab,
    private readonly negated = false,
  ) {}

  /** The same checks the other way round: `await lab.check.not.reaches(client, "192.168.56.101:6379")`. */
  get not(): Checks {
    return new Checks(this.lab, !this.negated);
  }

  /**
   * A packet gets there and its answer comes back: `reaches(hostA, hostB)` pings, `reaches(client, "http://192.168.56.101:8080/")` asks for the page,
   * `reaches(web, "172.18.0.100:6379")` opens a connection. With `at` the request must come to that machine or container.
   */
  async reaches(
    from: Machine | Container,
    to: Machine | Container | string,
    options: ReachOptions = {},
  ): Promise<void> {
    await report(await checkReach(this.lab, from, to, options), this.negated);
  }

  /** A rule is there that has all these terms, as `iptables -S` writes them: `rule(docker01, { table: "nat", has: ["-j DNAT", "--dport 8080"], used: true })`. */
  async rule(machine: Machine, wanted: RuleWanted): Promise<void> {
    await report(checkRule(machine, wanted), this.negated);
  }

  /** The way of a packet that is sent now: `await lab.check.path(web, api).passes("vxlan0")`. */
  path(from: Machine | Container, to: Machine | Container | string, options: PathOptions = {}): Path {
    return new Path(this.lab, from, to, options, this.negated);
  }

  /** How requests are spread over the replicas that answer: `await lab.check.spread("http://192.168.56.101/", { from: client }).within(0.05)`. */
  spread(service: string, options: SpreadOptions): Spread;
  spread(load: LoadResult): Spread;
  spread(service: string | LoadResult, options?: SpreadOptions): Spread {
    return new Spread(service, options, this.negated);
  }

  /** A capture has a frame that tcpdump would show for the filter: `await lab.check.seen({ machine: hostA, file: "/root/lan.pcap" }, "udp port 4789")`. */
  async seen(captured: Captured, filter: string, options: SeenOptions = {}): Promise<void> {
    await report(checkSeen(captured, filter, options), this.negated);
  }
}
