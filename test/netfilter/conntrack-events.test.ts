import { expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

test("conntrack -E beside other commands: in the background into a file, and in a pipe", async () => {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01, client } = lab.machines;
  await docker01.sh`docker run -d --name api -p 5000:5000 test-image`;
  await docker01.sh`conntrack -E -e NEW,DESTROY -p tcp > /tmp/events 2> /tmp/said &`;
  await docker01.sh`conntrack -E -o extended | grep UPDATE > /tmp/updates &`;
  await client.sh`curl -s http://192.168.56.101:5000/`;
  await docker01.sh`conntrack -F`;
  await docker01.sh`kill %1 %2`;
  const events = (await docker01.sh`cat /tmp/events`).stdout.replace(
    /sport=\d{5}|dport=\d{5}|portid=\d+/g,
    "P",
  );
  expect(events).toBe(
    "    [NEW] tcp      6 120 SYN_SENT src=203.0.113.9 dst=192.168.56.101 P dport=5000 [UNREPLIED] src=172.17.0.2 dst=203.0.113.9 sport=5000 P\n" +
      "[DESTROY] tcp      6 119 TIME_WAIT src=203.0.113.9 dst=192.168.56.101 P dport=5000 src=172.17.0.2 dst=203.0.113.9 sport=5000 P [ASSURED] [USERSPACE] P progname=conntrack\n",
  );
  expect((await docker01.sh`cat /tmp/said`).stdout).toBe(
    "conntrack v1.4.7 (conntrack-tools): 2 flow events have been shown.\n",
  );
  const states = (await docker01.sh`cat /tmp/updates`).stdout.match(/(?<= 6 \d+ )[A-Z_]+/g);
  expect(states).toEqual(["SYN_RECV", "ESTABLISHED", "FIN_WAIT", "LAST_ACK", "TIME_WAIT"]);
});
