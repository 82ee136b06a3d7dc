import { readFileSync } from "node:fs";
import { Lab } from "hopbook";
import { describe, expect, it } from "vitest";

/** A command and what Docker 20.10.24 on Linux 6.1 answered; `/tmp/b` is the folder in which it ran. */
interface Recorded {
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

const recorded = (name: string): Recorded[] =>
  JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), "utf8"));

/** A host with one image, `alpine`, as the recording machine had: imported, 77.1 MB. */
async function host() {
  const { docker01: machine } = Lab.preset("single", { docker: "20.10" }).machines;
  await machine.script(
    "mkdir /tmp/b; cd /tmp/b; docker rmi alpine; docker tag test-image alpine; docker rmi test-image",
  );
  await machine.script(
    "docker rmi $(docker images --format '{{.Repository}}:{{.Tag}}' | grep -v ^alpine:latest)",
  );
  return machine;
}

/** Ids by the order in which they come, moments and colours away. */
function normal(ids: Map<string, string>, text: string): string {
  const shown = (hex: string): string => {
    const short = hex.slice(0, 12);
    if (!ids.has(short)) ids.set(short, `ID${ids.size + 1}`);
    return hex.length === 12 ? `<${ids.get(short)}-short>` : `<${ids.get(short)}-whole-${"-".repeat(40)}>`;
  };
  return text
    .replace(/\x1b\[\d+m/g, "")
    .replace(/\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b/g, shown)
    .replace(/(?:file|multi|dir):[0-9a-f]{3,}/g, "file:HASH")
    .replace(/(?:About an? |Less than a )?(?:\d+ )?(?:second|minute|hour)s? ago +/g, "AGE   ")
    .replace(/CREATED +/g, "CREATED   ")
    .replace(/CREATED AT +/g, "CREATED AT   ")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replace(/ {2,}(?=NAMES|\w+_\w+$)/gm, "  ");
}

describe("docker build as Docker 20.10", async () => {
  const machine = await host();
  await machine.sh`mkdir e d; echo hi > d/f; echo FROM alpine > d/Dockerfile`;

  it.each(recorded("builds-20.10"))("$command", async ({ command, stdout, stderr, status }) => {
    const ours = await machine.script(command);
    expect(normal(new Map(), ours.stdout)).toBe(normal(new Map(), stdout));
    expect(normal(new Map(), ours.stderr)).toBe(normal(new Map(), stderr));
    expect(ours.status).toBe(status);
  });
});

/** The Dockerfile of the recorded session, with every instruction that the lab has. */
const SESSION = `# a comment
FROM alpine
WORKDIR /app
COPY a.txt ./
RUN echo hello; echo oops >&2; printf nonl
COPY *.ts page.* ./
ENV PORT=5000 REDIS_URL=redis://172.18.0.100:6379
EXPOSE 5000
LABEL maintainer="me" b=c
ARG X=1
USER nobody
VOLUME /data
STOPSIGNAL SIGQUIT
ADD a.txt /x/y/
ENTRYPOINT ["/bin/sh","-c"]
CMD ["node", "server.ts"]
`;

it("images, history, rmi, tag and image prune answer as Docker 20.10 after builds", async () => {
  const machine = await host();
  await machine.sh`mkdir one; printf ${"%s"} ${SESSION} > one/Dockerfile`;
  await machine.sh`echo aaa > one/a.txt; echo 1 > one/s.ts; echo 2 > one/t.ts; echo 3 > one/page.html`;
  const ids = { ours: new Map<string, string>(), theirs: new Map<string, string>() };
  for (const [i, { command, stdout, stderr, status }] of recorded("session-20.10").entries()) {
    if (i === 4) await machine.sh`echo bbb > one/a.txt`;
    const ours = await machine.script(command);
    expect(normal(ids.ours, ours.stdout), command).toBe(normal(ids.theirs, stdout));
    expect(normal(ids.ours, ours.stderr), command).toBe(normal(ids.theirs, stderr));
    expect(ours.status, command).toBe(status);
  }
});
