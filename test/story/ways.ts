import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Topology } from "../../kernel-lib/src/lab/topology.js";
import type { Journey } from "../../kernel-lib/src/trace/journey.js";

export interface Way {
  readonly journey: Journey;
  readonly topology: Topology;
}

/** A client's SYN to a published port: through a router, a DNAT rule and a bridge. */
export function publishedWay(): Way {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01, client } = lab.machines;
  docker01.docker.run("test-image", { name: "api-container", publish: ["5000:5000"] });
  client.get("http://192.168.56.101:5000/");
  const trace = lab.trace(() => client.get("http://192.168.56.101:5000/"));
  return { journey: trace.first("TCP SYN"), topology: lab.topology() };
}

/** The same, where a rule of DOCKER-USER drops it and another one would have let it through but for its card. */
export function droppedWay(): Way {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01, client } = lab.machines;
  docker01.docker.run("test-image", { name: "api-container", publish: ["5000:5000"] });
  docker01.exec("iptables -I DOCKER-USER -j DROP");
  docker01.exec("iptables -I DOCKER-USER -i eth0 -p tcp --dport 5000 -j ACCEPT");
  const trace = lab.trace(() => client.exec("curl -s -m 1 http://192.168.56.101:5000/"));
  return { journey: trace.first("TCP SYN"), topology: lab.topology() };
}

/** An ARP request on the bridge of Docker: a copy of it for every port. */
export function floodedWay(): Way {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01 } = lab.machines;
  for (const name of ["one", "two", "three"]) docker01.docker.run("test-image", { name });
  const trace = lab.trace(() => docker01.container("one").exec("ping -c 1 172.17.0.3"));
  return { journey: trace.first("ARP who"), topology: lab.topology() };
}

/** A packet that stays on its machine's loopback, which no map has. */
export function localWay(): Way {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const { docker01 } = lab.machines;
  const trace = lab.trace(() => docker01.exec("ping -c 1 127.0.0.1"));
  return { journey: trace.first("ICMP"), topology: lab.topology() };
}
