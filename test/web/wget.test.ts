import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { HttpRequest } from "../../kernel-lib/src/apps/http-server.js";
import type { Host } from "../../kernel-lib/src/host/host.js";
import type { Program } from "../../kernel-lib/src/host/process.js";
import { busyboxWget } from "../../kernel-lib/src/tools/wget/busybox.js";
import { wget } from "../../kernel-lib/src/tools/wget/wget.js";
import { readRecording } from "../support/recording.js";
import { namespace, site } from "./site.js";

const recording = (file: string) =>
  readRecording(readFileSync(new URL(`recorded/${file}`, import.meta.url), "utf8"));

/** What was measured: times, rates, and the estimate that follows from them. */
function steady(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "<time>")
    .replace(/(?<=\()[\d.]+ [KMG]?B\/s(?=\))/g, "<rate>")
    .replace(/ +[\d.]+[KMGT ]( \d+s|=[\d.]+s)$/gm, " <rate>")
    .replace(/clock time: [\d.]+s/, "clock time: <s>")
    .replace(/ in [\d.]+s /, " in <s> ");
}

/** Runs a recorded command and writes down what came as the recorder did: its locale was C, which has no curly quotes. */
function replay(host: Host, program: Program, command: string): string {
  const argv = command
    .replace(/^busybox /, "")
    .replace("Host: foo", "Host:foo")
    .split(" ");
  const { status, stdout, stderr } = host.run({ argv, program, netns: namespace(host, "g1") });
  const said = stderr.replace(/[‘’]/g, "'").replace(/^(?=[\s\S])/gm, "! ");
  return `${stdout}${said}= ${status}\n`;
}

const TOOLS: readonly (readonly [file: string, program: Program])[] = [
  ["wget-1.21.3.txt", wget],
  ["busybox-wget-1.35.txt", busyboxWget],
];

/** Commands that the recorder's machine answered otherwise for reasons of its own. */
const DIFFERS: Readonly<Record<string, string>> = {
  "wget -t 1 -T 1 -O f http://172.17.0.3:5000/slow":
    "the server here answers at once: see the test of timeouts",
  "wget -P /proc/x http://172.17.0.3:5000/":
    "the recorder's wget says the directory's refusal in other words",
  "busybox wget -c -O f http://172.17.0.3:5000/": "-c is not supported here",
};

test.each(TOOLS)("%s: every recorded command prints what the real one printed", (file, program) => {
  const host = site();
  host.files.mkdir("/d");
  for (const { command, text } of recording(file)) {
    const shown = steady(replay(host, program, command));
    if (!Object.hasOwn(DIFFERS, command))
      expect.soft(`$ ${command}\n${shown}`).toBe(`$ ${command}\n${steady(text)}`);
  }
});

test("the requests are those that the real tools sent", () => {
  const seen: HttpRequest[] = [];
  const host = site((request) => seen.push(request));
  const sent = (program: Program, command: string): string => {
    seen.length = 0;
    replay(host, program, command);
    const [{ method, target, version, fields, body }] = seen as [HttpRequest];
    const lines = fields.map(([name, value]) => `${name}: ${value}\n`).join("");
    return `${method} ${target} ${version}\n${lines}\n${new TextDecoder().decode(body)}`;
  };
  const gnu = "Accept: */*\nAccept-Encoding: identity\nConnection: Keep-Alive\n";
  const to = "Host: 172.17.0.3:5000\n";
  const url = "http://172.17.0.3:5000";
  const form = "Content-Type: application/x-www-form-urlencoded\nContent-Length: 3\n\na=1";
  expect(sent(wget, `wget -q -O - ${url}/`)).toBe(`GET / HTTP/1.1\n${to}User-Agent: Wget/1.21.3\n${gnu}\n`);
  expect(sent(wget, `wget -q -O - --post-data a=1 ${url}/echo`)).toBe(
    `POST /echo HTTP/1.1\n${to}User-Agent: Wget/1.21.3\n${gnu}${form}`,
  );
  expect(sent(wget, `wget -q -O - --header X-A:1 --header Host:foo -U me ${url}/`)).toBe(
    `GET / HTTP/1.1\nHost: foo\nUser-Agent: me\n${gnu}X-A: 1\n\n`,
  );
  expect(sent(busyboxWget, `wget -qO- ${url}/`)).toBe(
    `GET / HTTP/1.1\n${to}User-Agent: Wget\nConnection: close\n\n`,
  );
  expect(sent(busyboxWget, `wget -q -O - --post-data a=1 ${url}/echo`)).toBe(
    `POST /echo HTTP/1.1\n${to}User-Agent: Wget\nConnection: close\n${form}`,
  );
});

test("names are resolved, connections reused, timeouts retried, as wget says it", () => {
  const host = site();
  host.files.append("/etc/hosts", "172.17.0.3\tapi\n172.17.0.4\taway\n");
  const shown = (command: string) => steady(replay(host, wget, command));
  expect(shown("wget -O /dev/null http://api:5000/keep http://api:5000/keep")).toContain(
    "! --<time>--  http://api:5000/keep\n! Reusing existing connection to api:5000.\n! HTTP request sent",
  );
  expect(shown("wget -nv -O g http://api:5000/")).toBe(
    '! <time> URL:http://api:5000/ [24/24] -> "g" [1]\n= 0\n',
  );
  expect(shown("wget -T 1 -t 2 http://away:5000/")).toBe(
    "! --<time>--  http://away:5000/\n! Resolving away (away)... 172.17.0.4\n" +
      "! Connecting to away (away)|172.17.0.4|:5000... failed: Connection timed out.\n! Retrying.\n! \n" +
      "! --<time>--  (try: 2)  http://away:5000/\n" +
      "! Resolving away (away)... 172.17.0.4\n" +
      "! Connecting to away (away)|172.17.0.4|:5000... failed: Connection timed out.\n! Giving up.\n! \n= 4\n",
  );
  expect(shown("wget https://api:5000/")).toBe("! https://api:5000/: https is not supported here.\n= 1\n");
  expect(shown("wget -r http://api:5000/")).toBe("! wget: option --recursive is not supported here\n= 2\n");
});
