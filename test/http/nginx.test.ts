import { beforeEach, describe, expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";
import type { Machine } from "../../kernel-lib/src/lab/machine.js";

const FILE = "/etc/nginx/conf.d/default.conf";

describe("nginx's configuration", () => {
  let docker01: Machine;
  const inside = (line: string) => docker01.script(`docker exec web sh -c '${line}'`);
  const configure = (text: string) =>
    inside(`printf "${text.replaceAll("\n", "\\n").replaceAll("$", "\\$")}" > ${FILE}`);
  const get = async (path = "/") => (await docker01.script(`curl -s 172.17.0.3${path}`)).stdout;
  const status = async (path = "/") =>
    (await docker01.script(`curl -s -o /dev/null -w "%{http_code}" 172.17.0.3${path}`)).stdout;

  beforeEach(async () => {
    docker01 = Lab.preset("single", { docker: "20.10", seed: 7 }).machines.docker01;
    await docker01.script("docker run -d --name api test-image; docker run -d --name web nginx:alpine");
  });

  test.each([
    ["server {\n  listen 80;\n", `unexpected end of file, expecting "}" in ${FILE}:3`],
    ["server { listen 80 }", `unexpected "}" in ${FILE}:1`],
    ["}", `unexpected "}" in ${FILE}:1`],
    ["server {\n  foo 1;\n}", `unknown directive "foo" in ${FILE}:2`],
    ["server {\n  gzip on;\n}", `directive "gzip" is not supported here in ${FILE}:2`],
    ["listen 80;", `"listen" directive is not allowed here in ${FILE}:1`],
    ["server;", `directive "server" has no opening "{" in ${FILE}:1`],
    ["server { root; }", `invalid number of arguments in "root" directive in ${FILE}:1`],
    ["server { listen 65536; }", `invalid port in "65536" of the "listen" directive in ${FILE}:1`],
    ["server { location / { proxy_pass api:5000; } }", `invalid URL prefix in ${FILE}:1`],
    ["server { location / { proxy_pass $nobody; } }", 'unknown "nobody" variable'],
    [
      "server { location / { proxy_pass http://nowhere:5000; } }",
      `host not found in upstream "nowhere" in ${FILE}:1`,
    ],
  ])("%j is refused", async (text, error) => {
    await configure(text);
    const { stderr, status: exit } = await inside("nginx -t");
    const [first = "", ...rest] = stderr.split("\n");
    expect(first).toMatch(/^2026\/11\/21 03:1\d:\d\d \[emerg\] \d+#\d+: /);
    expect(first.replace(/^.*\[emerg\] \d+#\d+: /, "")).toBe(error);
    expect(rest).toEqual([
      `nginx: [emerg] ${error}`,
      "nginx: configuration file /etc/nginx/nginx.conf test failed",
      "",
    ]);
    expect(exit).toBe(1);
    // What runs goes on with what it has.
    expect((await inside("nginx -s reload")).status).toBe(1);
    expect(await get()).toContain("Welcome to nginx!");
  });

  test("requests are passed on as HTTP/1.0; a dead upstream is 502 with its reason in the log", async () => {
    await configure(
      "server {\n listen 80;\n location /api/ { proxy_pass http://172.17.0.2:5000/; }\n location /dead { proxy_pass http://172.17.0.2:1; }\n location = /hello { return 200 hello; }\n location /old { return 301 /new; }\n}\n",
    );
    expect((await inside("nginx -s reload")).stderr).toMatch(/\[notice\] \d+#\d+: signal process started\n$/);
    expect(await get("/api/")).toMatch(/^Hello from [0-9a-f]{12}\n$/);
    expect(await get("/hello")).toBe("hello");
    expect([await status("/old"), await status("/dead"), await status("/nothing")]).toEqual([
      "301",
      "502",
      "404",
    ]);
    expect(await get("/dead")).toContain(
      "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.25.3</center>",
    );
    const { stdout, stderr } = await docker01.script("docker logs web");
    expect(stderr).toMatch(
      /\[error\] (\d+)#\1: \*\d+ connect\(\) failed \(111: Connection refused\) while connecting to upstream, client: 172\.17\.0\.1, server: , request: "GET \/dead HTTP\/1\.1", upstream: "http:\/\/172\.17\.0\.2:1\/dead", host: "172\.17\.0\.3"\n/,
    );
    expect(stdout).toContain('"GET /dead HTTP/1.1" 502 157 "-" "curl/7.88.1" "-"');
  });

  test("a name in a variable needs a resolver", async () => {
    await configure("server {\n location / { set $u http://api:5000; proxy_pass $u; }\n}\n");
    await inside("nginx -s reload");
    expect(await status()).toBe("502");
    expect((await docker01.script("docker logs web")).stderr).toContain(
      "no resolver defined to resolve api, client: ",
    );
  });

  test("error_page names a page of its own; the image's configuration has one", async () => {
    await configure(
      "server {\n error_page 502 /50x.html;\n location / { proxy_pass http://172.17.0.2:1; }\n location = /50x.html { root /usr/share/nginx/html; }\n}\n",
    );
    await inside("nginx -s reload");
    expect([await status(), (await get()).includes("An error occurred.")]).toEqual(["502", true]);
  });

  test("a process that is not there cannot be told to reload", async () => {
    const { stderr, status: exit } = await docker01.script("docker run --rm nginx:alpine nginx -s reload");
    expect([stderr.replace(/^.*\n/, ""), exit]).toEqual([
      'nginx: [error] open() "/run/nginx.pid" failed (2: No such file or directory)\n',
      1,
    ]);
  });
});
