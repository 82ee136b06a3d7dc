import { CheckFailure, type Container, Lab, type Machine } from "hopbook";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setDisplaySink } from "../../kernel-lib/src/base/display.js";

let said: string[] = [];

/** Lines of a check: the one that it prints, or its error's. */
async function ask(check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (error) {
    said.push(`✗ ${(error as Error).message.replaceAll("\n", "\n  ")}`);
  }
}

beforeAll(() => setDisplaySink((bundle) => said.push(String(bundle["text/plain"]))));
afterAll(() => setDisplaySink(null));

/** Two hosts with a tunnel by hand, a container on each whose port is published. */
function tunnel(): { lab: Lab; a: Machine; b: Machine; client: Machine; left: Container; right: Container } {
  const lab = Lab.preset("vxlan", { docker: "20.10" });
  const { "host-a": a, "host-b": b, client } = lab.machines;
  const ends = [
    { host: a, other: "192.168.56.102", address: "172.18.0.11" },
    { host: b, other: "192.168.56.101", address: "172.18.0.22" },
  ];
  for (const { host, other, address } of ends) {
    host.exec(
      "docker network create --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=vxlan-net vxlan-net",
    );
    host.exec(`docker run -d --name web --net vxlan-net --ip ${address} -p 8080:5000 test-image`);
    host.exec(`ip link add vxlan0 type vxlan id 10 remote ${other} dstport 4789 dev enX0`);
    host.exec("ip link set vxlan0 up master vxlan-net");
  }
  return { lab: lab as unknown as Lab, a, b, client, left: a.container("web"), right: b.container("web") };
}

test("what a check prints, and what it says when it does not hold", async () => {
  const { lab, a, b, client, left, right } = tunnel();
  const { check } = lab;
  const page = "http://192.168.56.101:8080/";
  const part = (title: string) => said.push(`\n# ${title}`);

  said = ["# what holds"];
  await ask(() => check.reaches(left, right));
  await ask(() => check.reaches(left, right, { port: 5000 }));
  await ask(() => check.reaches(left, right, { size: 1450 }));
  await ask(() => check.reaches(left, "http://web:5000/", { says: /^Hello/ }));
  await ask(() => check.reaches(client, page, { at: left }));
  await ask(() => check.reaches(a, "http://127.0.0.1:8080/", { at: left }));
  await ask(() => check.path(left, right).passes("vxlan0", "lan-a", "vxlan-net", "host-b"));
  await ask(() => check.not.path(left, right).passes("docker0", "router"));
  await ask(() => check.path(a, "http://127.0.0.1:8080/", { at: left }).passes("vxlan-net"));
  await ask(() => check.rule(a, { table: "nat", has: ["-j DNAT", "--dport 8080"], used: true }));
  await ask(() => check.not.rule(a, { has: "-j REJECT" }));
  await ask(() => check.not.not.reaches(left, right));

  part("another end, another answer, another way");
  await ask(() => check.not.reaches(left, right));
  await ask(() => check.reaches(client, page, { at: right }));
  await ask(() => check.reaches(client, page, { says: "goodbye" }));
  await ask(() => check.reaches(left, right, { port: 5001 }));
  await ask(() => check.path(left, right).passes("vxlan0", "docker0"));
  await ask(() => check.not.path(left, right).passes("vxlan0"));
  await ask(() => check.rule(a, { table: "nat", has: ["-j DNAT", "--dport 8081"] }));
  await ask(() => check.rule(a, { table: "raw", has: "-j DROP" }));

  part("nobody has the address, no route, too large for the tunnel");
  await ask(() => check.reaches(left, "172.18.0.99"));
  await ask(() => check.reaches(a, "10.9.9.9"));
  await ask(() => check.reaches(left, right, { size: 1451 }));

  part("a rule drops the request; a rule drops the answer");
  a.exec("iptables -I FORWARD -o vxlan-net -p tcp --dport 5000 -j DROP");
  await ask(() => check.reaches(client, page, { at: left }));
  a.exec("iptables -R FORWARD 1 -i vxlan-net -p tcp --sport 5000 -j DROP");
  await ask(() => check.reaches(client, page, { at: left }));
  await ask(() => check.path(client, page).passes("vxlan-net"));
  a.exec("iptables -D FORWARD 1");

  part("a wrong entry in the ARP table");
  left.machine.exec("docker exec web ip neigh replace 172.18.0.22 lladdr 02:00:00:00:00:77 dev eth0");
  await ask(() => check.reaches(left, right));
  left.machine.exec("docker exec web ip neigh del 172.18.0.22 dev eth0");

  part("one end of the tunnel is down");
  b.exec("ip link set vxlan0 down");
  await ask(() => check.reaches(left, right));
  b.exec("ip link set vxlan0 up");
  await ask(() => check.reaches(left, right));

  part("the tunnel does not know where to send");
  a.exec("ip link del vxlan0");
  a.exec("ip link add vxlan0 type vxlan id 10 dstport 4789 dev enX0");
  a.exec("ip link set vxlan0 up master vxlan-net");
  a.exec("docker exec web ip neigh flush all");
  await ask(() => check.reaches(left, right));

  part("DNAT to another port");
  a.exec("iptables -t nat -I DOCKER 1 -p tcp --dport 8080 -j DNAT --to-destination 172.18.0.11:5050");
  await ask(() => check.reaches(client, page, { at: left }));

  part("another answers in its place, and somebody else asks the right one meanwhile");
  a.exec("iptables -t nat -F DOCKER");
  a.exec("iptables -t nat -I PREROUTING -p tcp --dport 8080 -j REDIRECT --to-ports 9090");
  const stranger = a.start("nc", "-l", "-k", "-p", "9090");
  const asking = client.start("ping", "-i", "0.2", "172.18.0.11");
  await ask(() => check.reaches(client, "192.168.56.101:8080", { at: left }));
  stranger.stop();
  asking.stop();

  part("a container that does not run");
  a.exec("docker stop web");
  await ask(() => check.reaches(right, left));

  await expect(`${said.join("\n")}\n`).toMatchFileSnapshot("messages.txt");
});

test("a check within a trace is refused in words, and the trace goes on", async () => {
  const lab = Lab.preset("single");
  const { docker01, client } = lab.machines;
  await expect(lab.trace(() => lab.check.reaches(docker01, client))).rejects.toThrow(
    "a check records its own packets",
  );
  said = [];
  await lab.check.reaches(docker01, client);
  expect(said).toEqual(["✓ docker01 reaches client (203.0.113.9) by ping"]);
});

test.each([
  ["no place to go", "somewhere else", {}, "is no url, no address with a port"],
  ["an option in the words of another", "-f", {}, "is no url"],
  ["a packet of no size", "192.168.56.1", { size: 3 }, "a packet has 28 to 65535 bytes, not 3"],
])("refuses %s", async (_what, to, options, message) => {
  const lab = Lab.preset("single");
  await expect(lab.check.reaches(lab.machines.docker01, to, options)).rejects.toThrow(message);
  expect(lab.journal.entries).toEqual([]);
});

test("what a rule's comment says is shown, not obeyed", async () => {
  const lab = Lab.preset("single");
  const { docker01, client } = lab.machines;
  const comment = "\u001b[2J\u001b[31mall passed\u202e";
  docker01.exec("iptables", "-I", "INPUT", "-p", "icmp", "-m", "comment", "--comment", comment, "-j", "DROP");
  const failure = await lab.check.reaches(client, docker01).catch((error: Error) => error);
  expect(failure).toBeInstanceOf(CheckFailure);
  expect((failure as Error).message).toContain("\\u001b[2J\\u001b[31mall passed\\u202e");
  expect((failure as Error).message).not.toContain("\u001b");
});

test("a namespace that takes a container's name is no container", async () => {
  const lab = Lab.preset("single");
  const { docker01, client } = lab.machines;
  docker01.docker.run("test-image", { name: "web" });
  docker01.exec("ip netns add web");
  await expect(
    lab.check.reaches(client, "192.168.56.101:80", { at: docker01.container("web") }),
  ).rejects.toThrow("seen: 2 are; a check could not tell them apart");
  docker01.exec("ip netns add docker01");
  await expect(lab.check.reaches(client, docker01)).rejects.toThrow(
    "2 are; a check could not tell them apart",
  );
});
