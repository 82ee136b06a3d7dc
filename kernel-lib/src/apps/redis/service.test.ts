import { describe, expect, it } from "vitest";
import { Random } from "../../sim/random.js";
import { bytesOf, byteText } from "./byte-text.js";
import { RedisEngine } from "./engine.js";

/** An engine on a clock of its own, with clients that gather what they are told. */
function service(settings: Record<string, string> = {}) {
  const clock = { now: 1_700_000_000_000 };
  const engine = new RedisEngine({ now: () => clock.now, random: new Random(1), settings });
  let port = 40_000;
  const client = () => {
    const session = engine.connect({ address: "10.0.0.1", port: port++, local: "10.0.0.2:6379" });
    let heard = "";
    session.onOutput = (bytes) => {
      heard += byteText(bytes);
    };
    return {
      session,
      /** Sends lines; gives what came since it was last asked, line ends as spaces. */
      say(text = "") {
        if (text !== "") session.receive(bytesOf(`${text}\r\n`));
        const said = heard.replace(/\r\n/g, " ").trim();
        heard = "";
        return said;
      },
    };
  };
  const pass = (milliseconds: number) => {
    clock.now += milliseconds;
    if ((engine.nextDeadline() ?? Infinity) <= clock.now) engine.tick();
  };
  return { engine, client, pass };
}

describe("publish and subscribe", () => {
  it("reaches channels and patterns, and counts the receivers", () => {
    const { client } = service();
    const [ear, speaker] = [client(), client()];
    expect(ear.say("SUBSCRIBE news chat")).toBe("*3 $9 subscribe $4 news :1 *3 $9 subscribe $4 chat :2");
    ear.say("PSUBSCRIBE n*");
    expect(speaker.say("PUBLISH news hi")).toBe(":2");
    expect(ear.say()).toBe("*3 $7 message $4 news $2 hi *4 $8 pmessage $2 n* $4 news $2 hi");
    expect(ear.say("GET a")).toMatch(/^-ERR Can't execute 'get': only/);
    expect(ear.say("PING")).toBe("*2 $4 pong $0");
    expect(ear.say("UNSUBSCRIBE")).toBe("*3 $11 unsubscribe $4 news :2 *3 $11 unsubscribe $4 chat :1");
    expect(ear.say("RESET")).toBe("+RESET");
    expect(speaker.say("PUBLISH news hi")).toBe(":0");
  });

  it("pushes in RESP3, where the listener may go on asking", () => {
    const { client } = service();
    const [ear, speaker] = [client(), client()];
    ear.say("HELLO 3");
    expect(ear.say("SUBSCRIBE news")).toBe(">3 $9 subscribe $4 news :1");
    speaker.say("PUBLISH news hi");
    expect(ear.say("GET a")).toBe(">3 $7 message $4 news $2 hi _");
  });

  it("tells of keys that change and expire", () => {
    const { client, pass } = service({ "notify-keyspace-events": "KEA" });
    const [ear, other] = [client(), client()];
    ear.say("PSUBSCRIBE __key*");
    other.say("SET a 1 PX 100");
    ear.say();
    pass(100);
    expect(ear.say()).toContain("__keyevent@0__:expired $1 a");
  });

  it("forgets a listener that has gone", () => {
    const { client } = service();
    const [ear, speaker] = [client(), client()];
    ear.say("SUBSCRIBE news");
    ear.session.close();
    expect(speaker.say("PUBLISH news hi")).toBe(":0");
    expect(speaker.say("PUBSUB CHANNELS")).toBe("*0");
  });
});

describe("clients that wait", () => {
  it("get what comes in the order in which they began, or nothing when their time is over", () => {
    const { client, pass } = service();
    const [first, second, giver] = [client(), client(), client()];
    expect(first.say("BLPOP q 0")).toBe("");
    expect(second.say("BLPOP q 1")).toBe("");
    expect(giver.say("RPUSH q one")).toBe(":1");
    expect(first.say()).toBe("*2 $1 q $3 one");
    pass(1000);
    expect(second.say()).toBe("*-1");
  });

  it("pass an item on by BLMOVE, and read a stream as it grows", () => {
    const { client } = service();
    const [mover, popper, reader, giver] = [client(), client(), client(), client()];
    popper.say("BLPOP b 0");
    mover.say("BLMOVE a b LEFT RIGHT 0");
    reader.say("XREAD BLOCK 0 STREAMS s $");
    giver.say("RPUSH a x");
    expect([mover.say(), popper.say()]).toEqual(["$1 x", "*2 $1 b $1 x"]);
    giver.say("XADD s 1-1 f v");
    expect(reader.say()).toBe("*1 *2 $1 s *1 *2 $3 1-1 *2 $1 f $1 v");
  });

  it("are let go by CLIENT UNBLOCK", () => {
    const { client } = service();
    const [one, other] = [client(), client()];
    one.say("BLPOP q 0");
    expect(other.say(`CLIENT UNBLOCK ${one.session.id} ERROR`)).toBe(":1");
    expect(one.say()).toBe("-UNBLOCKED client unblocked via CLIENT UNBLOCK");
  });
});

describe("a password", () => {
  it("is asked for first", () => {
    const { client } = service({ requirepass: "secret" });
    const one = client();
    expect(one.say("GET a")).toBe("-NOAUTH Authentication required.");
    expect(one.say("HELLO 3")).toMatch(/^-NOAUTH HELLO must be called with the client already authenticated/);
    expect(one.say("AUTH wrong")).toBe("-WRONGPASS invalid username-password pair or user is disabled.");
    expect(one.say("HELLO 3 AUTH default secret")).toMatch(/^%7 /);
    expect(one.say("GET a")).toBe("_");
  });
});

describe("a transaction", () => {
  it("fails when a watched key was changed by another", () => {
    const { client } = service();
    const [one, other] = [client(), client()];
    one.say("WATCH a");
    other.say("SET a 1");
    one.say("MULTI");
    expect(one.say("SET a 2")).toBe("+QUEUED");
    expect(one.say("EXEC")).toBe("*-1");
    expect(one.say("GET a")).toBe("$1 1");
  });
});

describe("MONITOR", () => {
  it("shows what others do, with their address", () => {
    const { client } = service();
    const [watcher, other] = [client(), client()];
    expect(watcher.say("MONITOR")).toBe("+OK");
    other.say("SET a 1");
    expect(watcher.say()).toBe('+1700000000.000000 [0 10.0.0.1:40001] "SET" "a" "1"');
  });
});
