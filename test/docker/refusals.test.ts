import { describe, expect, it } from "vitest";
import { EngineLab } from "./engine-lab.js";

const HELP = "See 'docker run --help'.\n";

/** What the machine's network looks like, and what the engine lists of it. */
const network = (lab: EngineLab) =>
  ["ip link", "ip -4 addr", "ip route", "docker network ls", "docker network inspect bridge n1"]
    .map((line) => lab.out(line))
    .join("");

/** Refused commands, with what the real Docker 20.10 prints and the status. */
const REFUSED: readonly (readonly [command: string, status: number, stderr: string])[] = [
  [
    "docker run Bad:Name:x",
    125,
    `docker: invalid reference format: repository name must be lowercase.\n${HELP}`,
  ],
  ["docker run ALPINE", 125, `docker: invalid reference format: repository name must be lowercase.\n${HELP}`],
  ["docker run --bogus alpine", 125, `unknown flag: --bogus\n${HELP}`],
  [
    "docker run --name aa alpine",
    125,
    `docker: Error response from daemon: Conflict. The container name "/aa" is already in use by container "ID". You have to remove (or rename) that container to be able to reuse that name.\n${HELP}`,
  ],
  [
    "docker run --name -x alpine",
    125,
    `docker: Error response from daemon: Invalid container name (-x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed.\n${HELP}`,
  ],
  [
    "docker run --network bridge --ip 172.17.0.9 alpine",
    125,
    "docker: Error response from daemon: user specified IP address is supported on user defined networks only.\n",
  ],
  ["docker run --mac-address zz alpine", 125, `docker: zz is not a valid mac address.\n${HELP}`],
  [
    "docker run -w rel alpine",
    125,
    `docker: Error response from daemon: the working directory 'rel' is invalid, it needs to be an absolute path.\n${HELP}`,
  ],
  ["docker run -p 99999:80 alpine", 125, `docker: Invalid hostPort: 99999.\n${HELP}`],
  ["docker run -p abc alpine", 125, `docker: Invalid containerPort: abc.\n${HELP}`],
  [
    "docker run -e =x alpine",
    125,
    `invalid argument "=x" for "-e, --env" flag: invalid environment variable: =x\n${HELP}`,
  ],
  [
    "docker run --restart bogus alpine",
    125,
    `docker: Error response from daemon: invalid restart policy 'bogus'.\n${HELP}`,
  ],
  [
    "docker run --network bridge --network-alias x alpine",
    125,
    `docker: network-scoped aliases are only supported for user-defined networks.\n${HELP}`,
  ],
  [
    "docker run --network nosuch alpine",
    125,
    "docker: Error response from daemon: network nosuch not found.\n",
  ],
  [
    "docker run --network n1 --ip 10.9.0.77 alpine",
    125,
    "docker: Error response from daemon: Invalid address 10.9.0.77: It does not belong to any of this network's subnets.\n",
  ],
  [
    "docker run alpine nosuchcommand",
    127,
    'docker: Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nosuchcommand": executable file not found in $PATH: unknown.\n',
  ],
  [
    "docker run alpine /etc/passwd",
    126,
    'docker: Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/etc/passwd": permission denied: unknown.\n',
  ],
  [
    "docker network create --subnet 10.5.0.0/24 n1",
    1,
    "Error response from daemon: network with name n1 already exists\n",
  ],
  [
    "docker network create --subnet 10.5.0.0/25 n2",
    1,
    "Error response from daemon: Pool overlaps with other one on this address space\n",
  ],
  [
    "docker network create --subnet 10.6.0.0/24 --gateway 10.7.0.1 n2",
    1,
    "no matching subnet for gateway 10.7.0.1\n",
  ],
  [
    "docker network create --subnet 10.6.0.0/24 --ip-range 10.7.0.0/24 n2",
    1,
    "no matching subnet for range 10.7.0.0/24\n",
  ],
  [
    "docker network create --subnet bad n2",
    1,
    "Error response from daemon: Invalid subnet bad : invalid CIDR address: bad\n",
  ],
  [
    "docker network create --gateway 10.6.0.1 n2",
    1,
    "every ip-range or gateway must have a corresponding subnet\n",
  ],
  ["docker network create --driver nosuch n2", 1, 'Error response from daemon: plugin "nosuch" not found\n'],
  [
    "docker network create bridge",
    1,
    "Error response from daemon: operation is not permitted on predefined bridge network\n",
  ],
  [
    "docker network rm bridge",
    1,
    "Error response from daemon: bridge is a pre-defined network and cannot be removed\n",
  ],
  ["docker network rm nosuch", 1, "Error: No such network: nosuch\n"],
  ["docker network inspect nosuch", 1, "Error: No such network: nosuch\n"],
  ["docker network connect n1 nosuch", 1, "Error response from daemon: No such container: nosuch\n"],
  ["docker network connect nosuch aa", 1, "Error response from daemon: network nosuch not found\n"],
  [
    "docker network connect host aa",
    1,
    "Error response from daemon: container cannot be disconnected from host network or connected to host network\n",
  ],
  [
    "docker network connect none aa",
    1,
    "Error response from daemon: container cannot be connected to multiple networks with one of the networks in private (none) mode\n",
  ],
  [
    "docker network connect --ip 10.5.0.300 n1 aa",
    1,
    "Error response from daemon: Invalid IPv4 address: 10.5.0.300)\n",
  ],
  [
    "docker network connect bridge aa",
    1,
    "Error response from daemon: endpoint with name aa already exists in network bridge\n",
  ],
  [
    "docker network disconnect n1 aa",
    1,
    "Error response from daemon: container ID is not connected to network n1\n",
  ],
  ["docker network ls -f nosuch=bridge", 1, "Error response from daemon: Invalid filter 'nosuch'\n"],
  ["docker exec nosuch ls", 1, "Error: No such container: nosuch\n"],
  [
    "docker exec aa nosuchcmd",
    126,
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuchcmd": executable file not found in $PATH: unknown\n',
  ],
  [
    "docker exec -w nowhere aa ip",
    126,
    "OCI runtime exec failed: exec failed: Cwd must be an absolute path: unknown\n",
  ],
  [
    "docker rm aa",
    1,
    "Error response from daemon: You cannot remove a running container ID. Stop the container before attempting removal or force remove\n",
  ],
  ["docker rm nosuch", 1, "Error: No such container: nosuch\n"],
  ["docker stop nosuch", 1, "Error response from daemon: No such container: nosuch\n"],
  [
    "docker start nosuch",
    1,
    "Error response from daemon: No such container: nosuch\nError: failed to start containers: nosuch\n",
  ],
  [
    "docker kill nosuch",
    1,
    "Error response from daemon: Cannot kill container: nosuch: No such container: nosuch\n",
  ],
  ["docker logs nosuch", 1, "Error: No such container: nosuch\n"],
  [
    "docker rename nosuch x1",
    1,
    "Error response from daemon: No such container: nosuch\nError: failed to rename container named nosuch\n",
  ],
  ["docker port aa 80", 1, "Error: No public port '80/tcp' published for aa\n"],
  ["docker inspect nosuch", 1, "Error: No such object: nosuch\n"],
  [
    "docker inspect -f '{{.Nope}}' aa",
    1,
    'template parsing error: template: :1:2: executing "" at <.Nope>: map has no entry for key "Nope"\n',
  ],
  ["docker inspect -f '{{.State' aa", 64, "template parsing error: template: :1: unclosed action\n"],
  ["docker inspect --type bogus aa", 1, '"bogus" is not a valid value for --type\n'],
  [
    "docker ps --format '{{.Nope}}'",
    1,
    'failed to execute template: template: :1:2: executing "" at <.Nope>: can\'t evaluate field Nope in type *formatter.ContainerContext\n',
  ],
  ["docker ps --format '{{.ID'", 1, "failed to parse template: template: :1: unclosed action\n"],
  ["docker ps -f bogus=1", 1, "Error response from daemon: Invalid filter 'bogus'\n"],
  ["docker foo", 1, "docker: 'foo' is not a docker command.\nSee 'docker --help'\n"],
  [
    "docker run",
    1,
    "\"docker run\" requires at least 1 argument.\nSee 'docker run --help'.\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun a command in a new container\n",
  ],
  [
    "docker network create a b",
    1,
    "\"docker network create\" requires exactly 1 argument.\nSee 'docker network create --help'.\n\nUsage:  docker network create [OPTIONS] NETWORK\n\nCreate a network\n",
  ],
];

describe("a refused command says what Docker 20.10 says and leaves the network as it was", () => {
  const lab = new EngineLab();
  const id = lab.out("docker run -d --name aa test-image").trim();
  lab.out("docker network create --subnet 10.5.0.0/24 n1");

  it.each(REFUSED)("%s", (command, status, stderr) => {
    const before = network(lab);
    const result = lab.run(command);
    expect(result.stderr.replaceAll(id, "ID")).toBe(stderr);
    expect(result.status).toBe(status);
    expect(network(lab)).toBe(before);
  });
});
