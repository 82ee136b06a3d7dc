import { expect, test } from "vitest";
import { Lab } from "../../kernel-lib/src/lab/lab.js";

const PAGE = (host: string) => `<html>
<body>
        <h1>Host: ${host}</h1>
</body>
</html>`;

/** A page with a directive has no length beforehand: chunks, or until the end; a bare GET gets the page and nothing else. */
test("nginx fills its host name into the sample's page, whatever HTTP the client speaks", async () => {
  const { docker01 } = Lab.preset("single", { docker: "20.10" }).machines;
  docker01.docker.run("zembutsu/docker-sample-nginx:1.0", { name: "web", hostname: "b73da4825610" });
  const page = PAGE("b73da4825610");
  expect(docker01.exec("curl -s http://172.17.0.2/").text).toBe(page);
  const head = docker01.exec("curl -si http://172.17.0.2/").text;
  expect(head).toContain("Transfer-Encoding: chunked");
  expect(head).not.toMatch(/Content-Length|ETag|Last-Modified/);
  const older = await docker01.sh`printf 'GET / HTTP/1.0\n\n' | telnet 172.17.0.2 80`;
  expect(older.text).toContain("Connection: close");
  expect(older.text.endsWith(page)).toBe(true);
  const typed = await docker01.sh`printf 'GET /\n' | telnet 172.17.0.2 80`;
  expect(typed.text).toBe(
    `Trying 172.17.0.2...\nConnected to 172.17.0.2.\nEscape character is '^]'.\n${page}`,
  );
});

test("the greeting image answers on port 8000 with its host name", () => {
  const { docker01 } = Lab.preset("single", { docker: "20.10" }).machines;
  docker01.docker.run("momijiame/greeting:1.0", { name: "hello", hostname: "91bf204b482f" });
  expect(docker01.get("http://172.17.0.2:8000/").text).toBe("Hello, 91bf204b482f");
});
