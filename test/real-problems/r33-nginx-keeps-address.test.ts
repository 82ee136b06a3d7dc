import { expect, test } from "vitest";
import { captured, endsOf, stage, succeed, type } from "./player.js";

const GET = "curl -s -o /dev/null -w '%{http_code}' http://192.168.56.101:8080/";

/** nginx with this in its location: written into the container and loaded, as an image made for it would have it. */
function nginxWith(...lines: readonly string[]): string[] {
  const config = [
    "server {",
    "  listen 80;",
    "  location / {",
    ...lines.map((line) => `    ${line}`),
    "  }",
    "}",
  ].join("\\n");
  return [
    "docker run -d --name web --network n -p 8080:80 nginx:alpine",
    `docker exec web sh -c 'printf "${config.replaceAll("$", "\\$")}\\n" > /etc/nginx/conf.d/default.conf; nginx -s reload'`,
  ];
}

const RECREATE = [
  "docker rm -f api",
  "docker run -d --name filler --network n alpine sleep 3600",
  "docker run -d --name api --network n test-image",
];

async function compose(...location: readonly string[]) {
  const lab = stage("single");
  // The report's API listens on 8000, the lab's on 5000.
  await succeed(
    lab.docker01,
    "docker network create --subnet 172.19.0.0/16 n",
    "docker run -d --name api --network n test-image",
    ...nginxWith(...location),
  );
  return lab;
}

// er0080/vllm-benchmarking#62, langgenius/dify#40448: after the API is made anew, every request through nginx is 502 until nginx is restarted.
test("R33: a reverse proxy keeps the old address of a re-created container", async () => {
  const { lab, docker01, client } = await compose("proxy_pass http://api:5000;");
  expect(await type(client, GET)).toBe("200");
  // filler takes 172.19.0.2, api gets 172.19.0.4.
  await succeed(docker01, ...RECREATE);

  expect(await type(client, GET)).toBe("502");
  // Docker's DNS is right.
  expect(await type(docker01, "docker exec web nslookup api")).toContain("Address: 172.19.0.4");
  const inside = "nsenter -t $(docker inspect -f '{{.State.Pid}}' web) -n tcpdump -ni eth0 tcp port 5000";
  const seen = await captured(docker01, inside, () => type(client, GET));
  expect(seen[0]).toMatch(/^IP 172\.19\.0\.3\.\d+ > 172\.19\.0\.2\.5000: Flags \[S\]/);
  expect(seen[1]).toMatch(/^IP 172\.19\.0\.2\.5000 > 172\.19\.0\.3\.\d+: Flags \[R\.\]/);
  expect(await type(docker01, "docker logs --tail 2 web")).toMatch(
    /\[error\] \d+#\d+: \*\d+ connect\(\) failed \(111: Connection refused\) while connecting to upstream, client: 203\.0\.113\.9, .*upstream: "http:\/\/172\.19\.0\.2:5000\/"/,
  );

  // The cause: nginx asks nobody; its SYN goes to the address of the time when it was loaded.
  const trace = await lab.trace(() => type(client, GET));
  expect(trace.find("UDP")).toEqual([]);
  expect(endsOf(trace.first("TCP SYN 172.19.0.3"))).toContain("filler, tcp: NO_SOCKET");

  await succeed(docker01, "docker exec web nginx -s reload");
  expect(await type(client, GET)).toBe("200");
});

test("R33: with a variable nginx asks at the request, and again when the answer is ten seconds old", async () => {
  const { lab, docker01, client } = await compose(
    "resolver 127.0.0.11 valid=10s;",
    "set $u http://api:5000;",
    "proxy_pass $u;",
  );
  const first = await lab.trace(() => type(client, GET));
  expect(first.value).toBe("200");
  expect(first.find("→ 127.0.0.11:53").length).toBe(1);
  await succeed(docker01, ...RECREATE, "sleep 10");
  expect(await type(client, GET)).toBe("200");
});
