import { Lab } from "hopbook";
import { beforeAll, describe, expect, it } from "vitest";

type Machine = ReturnType<typeof twoHosts>["a"];

function twoHosts() {
  const { machines } = Lab.preset("vxlan", { docker: "20.10" });
  return { a: machines["host-a"], b: machines["host-b"], client: machines.client };
}

/** Seed 004, §3-5: the tunnel and the network on one host. */
async function joined(host: Machine, peer: string): Promise<void> {
  await host.sh`ip link add vxlan0 type vxlan id 10 remote ${peer} dstport 4789 dev enX0; ip link set vxlan0 up`;
  await host.sh`docker network create --attachable=true --subnet 172.18.0.0/16 -o com.docker.network.bridge.name=vxlan-net vxlan-net`;
  await host.sh`brctl addif vxlan-net vxlan0`;
}

describe("the chat on two hosts", () => {
  const { a, b, client } = twoHosts();
  const built: string[] = [];
  const messages = async (host: number) =>
    JSON.parse((await client.script(`curl -s http://192.168.56.${host}:5000/messages`)).stdout) as {
      name: string;
      text: string;
      host: string;
    }[];

  beforeAll(async () => {
    for (const [host, peer] of [
      [a, "192.168.56.102"],
      [b, "192.168.56.101"],
    ] as const) {
      await joined(host, peer);
      built.push((await host.sh`docker build -t chat-app .`).stdout);
    }
    await a.sh`docker run -d --name redis --net vxlan-net --ip 172.18.0.100 redis`;
    await a.sh`docker run -d --name chat-a --hostname chat-a --net vxlan-net --ip 172.18.0.11 -p 5000:5000 chat-app`;
    await b.sh`docker run -d --name chat-b --hostname chat-b --net vxlan-net --ip 172.18.0.22 -p 5000:5000 chat-app`;
    await b.sh`sleep 2`;
  });

  it("is built from the files in the home folder", () => {
    for (const text of built)
      expect(
        text
          .replace(/[0-9a-f]{12}/g, "ID")
          .split("\n")
          .filter((line) => /^(Step|Succ)/.test(line)),
      ).toEqual([
        "Step 1/8 : FROM node:24-alpine",
        "Step 2/8 : WORKDIR /app",
        "Step 3/8 : COPY package.json ./",
        "Step 4/8 : RUN npm install",
        "Step 5/8 : COPY *.ts page.* ./",
        "Step 6/8 : ENV PORT=5000 REDIS_URL=redis://172.18.0.100:6379",
        "Step 7/8 : EXPOSE 5000",
        'Step 8/8 : CMD ["node", "server.ts"]',
        "Successfully built ID",
        "Successfully tagged chat-app:latest",
      ]);
  });

  it("says that it listens and has Redis", async () => {
    for (const [host, name] of [
      [a, "chat-a"],
      [b, "chat-b"],
    ] as const)
      expect((await host.script(`docker logs ${name}`)).stdout).toBe(
        `${name} listens on port 5000\nredis: ready\n`,
      );
  });

  it("takes a message on one host and has it on the other", async () => {
    await client.sh`curl -s -d ${"name=ann&text=%3Cb%3Ehello%3C/b%3E+%26+more"} http://192.168.56.101:5000/messages`;
    await b.sh`sleep 1`;
    const [message] = await messages(102);
    expect(message).toMatchObject({ name: "ann", text: "<b>hello</b> & more", host: "chat-a" });
    expect(await messages(101)).toEqual(await messages(102));
  });

  it("answers wrong requests with what is wrong", async () => {
    const answers: [string, string][] = [
      ["-d name=x", '{"error":"text: missing"} 400'],
      ["-d '{'", '{"error":"name: missing"} 400'],
      [`-H 'Content-Type: application/json' -d '{'`, '{"error":"the body is neither JSON nor a form"} 400'],
      ["-d 'name=x&text=y&room=No'", '{"error":"room: 1 to 32 of a-z, 0-9 and -"} 400'],
      ["-X DELETE", '{"error":"no such method"} 405'],
    ];
    for (const [options, answer] of answers)
      expect(
        (
          await client.script(`curl -s -w '%{http_code}' ${options} http://192.168.56.101:5000/messages`)
        ).stdout.replace("\n", " "),
        options,
      ).toBe(answer);
  });

  it("tells its users while Redis is away, and loses and doubles nothing", async () => {
    await a.sh`docker kill redis; sleep 1`;
    for (const [host, name] of [
      [101, "chat-a"],
      [102, "chat-b"],
    ] as const)
      expect((await client.sh`curl -s http://192.168.56.${host}:5000/health`).stdout).toBe(
        `{"host":"${name}","redis":"reconnecting"}\n`,
      );
    await client.sh`curl -s -d ${"name=bob&text=meanwhile"} http://192.168.56.102:5000/messages`;
    await a.sh`sleep 4; docker start redis; sleep 3`;
    await client.sh`curl -s -d ${"name=ann&text=after"} http://192.168.56.101:5000/messages`;
    await b.sh`sleep 1`;
    for (const host of [101, 102])
      expect((await messages(host)).map(({ text }) => text)).toEqual([
        "<b>hello</b> & more",
        "meanwhile",
        "after",
      ]);
  });

  it("ends at once when it is asked to", async () => {
    expect((await a.sh`docker stop chat-a; docker inspect -f '{{.State.ExitCode}}' chat-a`).stdout).toBe(
      "chat-a\n0\n",
    );
  });
});
