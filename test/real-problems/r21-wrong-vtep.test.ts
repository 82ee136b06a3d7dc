import { expect, test } from "vitest";
import type { Trace } from "../../kernel-lib/src/lab/trace.js";
import { captured, endsOf, type Stage, stage, succeed, type } from "./player.js";
import { dig } from "./tunnel.js";

const PING = "docker exec test-a ping -c 2 -W 1 172.18.0.22";
const point = (to: string) =>
  `bridge fdb replace 02:42:ac:12:00:16 dev vxlan0 dst 192.168.56.${to} self permanent`;

/** Pings over the wrong entry, with a capture on the underlay. */
async function pingIntoNowhere({ lab, docker01 }: Stage) {
  let answer = "";
  const trace = await lab.trace(() =>
    captured(docker01, "tcpdump -ni enX0", async () => {
      answer = await type(docker01, PING);
    }),
  );
  expect(answer).toContain("100% packet loss");
  return trace;
}

/** The remotes to which the first packet with this summary was sent. */
function remotesOf(trace: Trace<unknown>, summary: string): readonly string[] {
  return trace
    .first(summary)
    .events.flatMap((event) => (event.kind === "encapsulate" ? [`192.168.56.${event.remote & 255}`] : []));
}

async function fixes({ docker01 }: Stage) {
  await succeed(docker01, `${point("102")}   # in a swarm: in the overlay's namespace`);
  expect(await type(docker01, `sleep 4; ${PING}`)).toContain("2 packets received");
}

// moby/moby#31588, moby/moby#49908: after containers moved, the overlay's forwarding table names the wrong host for their MAC.
test("R21: an FDB entry points at the wrong VTEP: ARP answers, nothing else arrives", async () => {
  const lan = stage("lan");
  const { docker01, hostB } = lan;
  // The kernel takes no frame from a MAC whose permanent entry names another host, ARP answers neither. The report's tables are the daemon's, so nothing is learned.
  await dig(lan, { a: "dstport 4789 nolearning" });
  expect(await type(hostB, "docker exec test-b cat /sys/class/net/eth0/address")).toBe("02:42:ac:12:00:16\n");
  await succeed(hostB, "bridge fdb replace 02:42:ac:12:00:0b dev vxlan0 dst 192.168.56.101 self permanent");
  await succeed(docker01, `${point("103")}   # .103 does not run test-b`);

  const trace = await pingIntoNowhere(lan);
  expect(await type(docker01, "docker exec test-a ip neigh")).toContain(
    "172.18.0.22 dev eth0 lladdr 02:42:ac:12:00:16 ",
  );
  expect((await type(docker01, "bridge fdb show dev vxlan0")).split("\n")).toContain(
    "02:42:ac:12:00:16 dst 192.168.56.103 self permanent",
  );
  const seen = trace.value.join("\n");
  expect(seen).toContain("ARP, Request who-has 192.168.56.103 tell 192.168.56.101");
  expect(seen).not.toContain("ICMP echo request");

  // The cause: the question for the MAC goes by the all-zero entry, the frame to the MAC by its own.
  expect(remotesOf(trace, "ARP who has 172.18.0.22")).toEqual(["192.168.56.102"]);
  expect(remotesOf(trace, "ICMP echo request")).toEqual(["192.168.56.103"]);
  await fixes(lan);
});

test("R21: on a tunnel that learns, not even the ARP answer is taken", async () => {
  const lan = stage("lan");
  const { docker01 } = lan;
  await dig(lan);
  await succeed(docker01, point("103"));
  const trace = await pingIntoNowhere(lan);
  expect(await type(docker01, "docker exec test-a ip neigh")).toContain("172.18.0.22 dev eth0 INCOMPLETE");
  expect(endsOf(trace.first("ARP 172.18.0.22 is at"))).toEqual(["host-a, vxlan0: VXLAN_ENTRY_EXISTS"]);
  await fixes(lan);
});

test("R21: containers that knew each other before one moved: the permanent entry is not corrected by learning", async () => {
  const lan = stage("lan");
  const { docker01, hostB } = lan;
  await dig(lan);
  expect(await type(docker01, PING)).toContain("2 packets received");
  await succeed(docker01, point("103"));
  const trace = await pingIntoNowhere(lan);
  expect(remotesOf(trace, "ICMP echo request")).toEqual(["192.168.56.103"]);
  await type(hostB, "docker exec test-b ping -c 2 -W 1 172.18.0.11");
  expect(await type(docker01, "bridge fdb show dev vxlan0")).toContain(
    "02:42:ac:12:00:16 dst 192.168.56.103 ",
  );
  await fixes(lan);
});
