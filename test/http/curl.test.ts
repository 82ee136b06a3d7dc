import { expect, test } from "vitest";
import { testImageApi } from "../../kernel-lib/src/apps/busybox-httpd.js";
import { NGINX_FILES } from "../../kernel-lib/src/apps/nginx/image-files.js";
import { nginx } from "../../kernel-lib/src/apps/nginx/nginx.js";
import { Host } from "../../kernel-lib/src/host/host.js";
import { setLink } from "../../kernel-lib/src/stack/config/link.js";
import { curl } from "../../kernel-lib/src/tools/curl/curl.js";
import { World } from "../../kernel-lib/src/trace/world.js";

/** A machine with an API on 5000 and nginx on 80, all over lo. */
function machine(): (line: string) => { status: number; stdout: string; stderr: string } {
  const world = new World(7);
  const host = new Host(world, "docker01", { programs: new Map() });
  setLink(host.rootNetns, host.rootNetns.loopback, { up: true });
  host.spawn({ argv: ["httpd"], program: testImageApi, uts: { hostname: "4f70e6ba45ea" } });
  for (const [path, text] of Object.entries(NGINX_FILES)) {
    host.files.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
    host.files.write(path, text);
  }
  host.spawn({ argv: ["nginx"], program: nginx });
  world.scheduler.runFor(1e9);
  return (line) => host.run({ argv: line.split(" "), program: curl });
}

test("curl -sv prints what curl 7.88.1 printed to a busybox httpd", () => {
  const { status, stdout, stderr } = machine()("curl -sv 127.0.0.1:5000");
  expect(status).toBe(0);
  expect(stdout).toBe("Hello from 4f70e6ba45ea\n");
  expect(stderr.replace(/\r/g, "").split("\n")).toEqual([
    "*   Trying 127.0.0.1:5000...",
    "* Connected to 127.0.0.1 (127.0.0.1) port 5000 (#0)",
    "> GET / HTTP/1.1",
    "> Host: 127.0.0.1:5000",
    "> User-Agent: curl/7.88.1",
    "> Accept: */*",
    "> ",
    "< HTTP/1.1 200 OK",
    "< Date: Sat, 21 Nov 2026 03:12:01 GMT",
    "< Connection: close",
    "< Content-type: text/html",
    "< Accept-Ranges: bytes",
    "< Last-Modified: Sat, 21 Nov 2026 03:12:00 GMT",
    '< ETag: "6b010c00-18"',
    "< Content-Length: 24",
    "< ",
    "{ [24 bytes data]",
    "* Closing connection 0",
    "",
  ]);
});

const rows: [line: string, status: number, stdout: string, stderr: string | RegExp][] = [
  ["curl -s http://127.0.0.1:5000/", 0, "Hello from 4f70e6ba45ea\n", ""],
  [
    "curl -s -o /dev/null -w %{http_code}|%{remote_ip}|%{size_download}\\n http://localhost/",
    0,
    "200|127.0.0.1|615\n",
    "",
  ],
  ["curl -sf http://127.0.0.1/nope", 22, "", ""],
  ["curl -sSf http://127.0.0.1:5000/nope", 22, "", "curl: (22) The requested URL returned error: 404\n"],
  [
    "curl -sS http://127.0.0.1:81/",
    7,
    "",
    "curl: (7) Failed to connect to 127.0.0.1 port 81 after 0 ms: Couldn't connect to server\n",
  ],
  [
    "curl -sv 127.0.0.1:81",
    7,
    "",
    /connect to 127\.0\.0\.1 port 81 failed: Connection refused\n\* Failed to connect to 127\.0\.0\.1 port 81 after 0 ms: Couldn't connect to server\n\* Closing connection 0\n$/,
  ],
  ["curl -sv 10.77.0.1", 7, "", /Immediate connect fail for 10\.77\.0\.1: Network is unreachable/],
  ["curl http://nosuchhost.invalid/", 6, "", /curl: \(6\) Could not resolve host: nosuchhost\.invalid\n$/],
  ["curl http:///", 3, "", "curl: (3) URL using bad/illegal format or missing URL\n"],
  ["curl foo://x/", 1, "", 'curl: (1) Protocol "foo" not supported or disabled in libcurl\n'],
  [
    "curl --nope x",
    2,
    "",
    "curl: option --nope: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
  ],
  [
    "curl -X",
    2,
    "",
    "curl: option -X: requires parameter\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
  ],
  [
    "curl -m abc x",
    2,
    "",
    "curl: option -m: expected a proper numerical parameter\ncurl: try 'curl --help' or 'curl --manual' for more information\n",
  ],
];

test.each(rows)("%s", (line, status, stdout, stderr) => {
  const result = machine()(line);
  if (typeof stderr === "string") expect(result.stderr).toBe(stderr);
  else expect(result.stderr).toMatch(stderr);
  expect(result.stdout).toBe(stdout);
  expect(result.status).toBe(status);
});

test("nginx 1.25.3 answers with its own fields in its own order: the entity tag is the page's time and length in hexadecimal", () => {
  const run = machine();
  expect(run("curl -sI http://127.0.0.1/").stdout.replace(/\r/g, "").split("\n")).toEqual([
    "HTTP/1.1 200 OK",
    "Server: nginx/1.25.3",
    "Date: Sat, 21 Nov 2026 03:12:01 GMT",
    "Content-Type: text/html",
    "Content-Length: 615",
    "Last-Modified: Tue, 24 Oct 2023 13:46:47 GMT",
    "Connection: keep-alive",
    'ETag: "6537cac7-267"',
    "Accept-Ranges: bytes",
    "",
    "",
  ]);
  expect(run("curl -s -X POST http://127.0.0.1/").stdout).toBe(
    "<html>\r\n<head><title>405 Not Allowed</title></head>\r\n<body>\r\n<center><h1>405 Not Allowed</h1></center>\r\n<hr><center>nginx/1.25.3</center>\r\n</body>\r\n</html>\r\n",
  );
});
