import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { seconds } from "../../kernel-lib/src/base/units.js";
import type { Host } from "../../kernel-lib/src/host/host.js";
import { Output, type Program } from "../../kernel-lib/src/host/process.js";
import { nc } from "../../kernel-lib/src/tools/nc/nc.js";
import { telnet } from "../../kernel-lib/src/tools/telnet.js";
import { readRecording } from "../support/recording.js";
import { namespace, site } from "./site.js";

const recording = (file: string) =>
  readRecording(readFileSync(new URL(`recorded/${file}`, import.meta.url), "utf8"));

const TOOLS: Readonly<Record<string, Program>> = { nc, telnet };

/** `[printf "…" |] COMMAND [</dev/null]`: the words and standard input of a recorded line; null where it needs a shell. */
function commandOf(line: string): { readonly argv: readonly string[]; readonly stdin: string } | null {
  const match =
    /^(?:\(?(?:printf "([^"]*)"(?:; sleep 1\))?|echo (\w+)|sleep \d+) \| )?((?:nc|telnet)\b[^|&;()]*?)(?: *<\/dev\/null)?$/.exec(
      line.replace(/ < \/dev\/null/, " </dev/null"),
    );
  if (match === null) return null;
  const typed = match[1] ?? (match[2] === undefined ? "" : `${match[2]}\\n`);
  const stdin = typed.replaceAll("\\r", "\r").replaceAll("\\n", "\n");
  return { argv: match[3]!.trim().split(" "), stdin };
}

function replay(host: Host, argv: readonly string[], stdin: string): string {
  const program = TOOLS[argv[0]!]!;
  const { status, stdout, stderr } = host.run({ argv, program, stdin, netns: namespace(host, "g1") });
  return `${stdout.replaceAll("\r", "")}${stderr.replace(/^(?=[\s\S])/gm, "! ")}= ${status}\n`;
}

const PIPE = "input has no timing here: what a pipe gives is held open for a second of silence";
const DIFFERS: Readonly<Record<string, string>> = {
  "nc -p 99999 172.17.0.3 5000":
    "the recorded netcat took any source port; a number above 65535 is refused here",
  'printf "GET /close HTTP/1.0\\r\\n\\r\\n" | telnet 172.17.0.3 5000': PIPE,
  '(printf "GET /close HTTP/1.0\\r\\n\\r\\n"; sleep 1) | telnet 172.17.0.3 5000':
    "the recorded server waited for a CR LF pair that telnet had changed, and was cut off",
  '(printf "quit\\n"; sleep 1) | telnet': "command mode is not supported here",
  "echo quit | telnet": "command mode is not supported here",
};

test.each(["nc-openbsd-1.219.txt", "inetutils-telnet-2.4.txt"])("%s: recorded commands", (file) => {
  let compared = 0;
  for (const { command, text } of recording(file)) {
    const parsed = commandOf(command);
    if (parsed === null || Object.hasOwn(DIFFERS, command)) continue;
    compared++;
    const shown = replay(site(), parsed.argv, parsed.stdin);
    expect.soft(`$ ${command}\n${shown}`).toBe(`$ ${command}\n${text.replaceAll("\\r", "")}`);
  }
  expect(compared).toBeGreaterThan(file.startsWith("nc") ? 35 : 9);
});

/** A server in the background and a client against it, both in g1, as recorded: what each printed. */
function pair(server: string, client: string, stdin = "hi\n"): string[] {
  const host = site();
  const [stdout, stderr] = [new Output(), new Output()];
  const netns = namespace(host, "g1");
  const listening = host.spawn({ argv: server.split(" "), program: nc, netns, stdout, stderr });
  const asked = host.run({ argv: client.split(" "), program: nc, netns, stdin });
  host.world.scheduler.runFor(seconds(1));
  const port = /(\d{5})\n/.exec(stderr.written)?.[1];
  const log = port === undefined ? stderr.written : stderr.written.replaceAll(port, "<port>");
  return [`${asked.status} ${asked.stdout}${asked.stderr}`, stdout.written, log, `${listening.exitCode}`];
}

test("a listener and its client, as recorded", () => {
  expect(pair("nc -l 9000", "nc -N 127.0.0.1 9000")).toEqual(["0 ", "hi\n", "", "0"]);
  const greeting = "Connection to 127.0.0.1 9003 port [tcp/*] succeeded!\n";
  const heard = "Listening on 0.0.0.0 9003\nConnection received on 127.0.0.1 <port>\n";
  expect(pair("nc -lvnp 9003", "nc -nv -N 127.0.0.1 9003")).toEqual([`0 ${greeting}`, "hi\n", heard, "0"]);
  expect(pair("nc -lvn 9003", "nc -v -q 0 127.0.0.1 9003")).toEqual([`0 ${greeting}`, "hi\n", heard, "0"]);
  expect(pair("nc -lk 9004", "nc -N 127.0.0.1 9004")).toEqual(["0 ", "hi\n", "", "null"]);
  const bound = "Bound on 0.0.0.0 9007\nConnection received on 127.0.0.1 <port>\n";
  expect(pair("nc -ulvn 9007", "nc -u -w 1 127.0.0.1 9007")).toEqual(["0 ", "hi\n", bound, "null"]);
});

test("a port that is taken, and what is not supported", () => {
  const host = site();
  const netns = namespace(host, "g1");
  host.spawn({ argv: ["nc", "-l", "9006"], program: nc, netns });
  expect(replay(host, ["nc", "-l", "9006"], "")).toBe("! nc: Address already in use\n= 1\n");
  expect(replay(host, ["nc", "-U", "/tmp/x"], "")).toBe("! nc: option -U is not supported here\n= 1\n");
  expect(replay(host, ["telnet", "172.17.0.3"], "")).toBe(
    "Trying 172.17.0.3...\n! telnet: Unable to connect to remote host: Connection refused\n= 1\n",
  );
});
