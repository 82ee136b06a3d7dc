import type { Call } from "../call.js";
import { clientLine, numberDescriptors } from "../client-line.js";
import { clientState, subscriptions } from "../client-state.js";
import type { RedisEngine } from "../engine.js";
import { error, syntaxError } from "../errors.js";
import type { Family } from "../family.js";
import { Mapping, Members, OK, type Reply, Verbatim } from "../reply.js";
import type { RedisSession } from "../session.js";
import { checkedName } from "./connection.js";

/** CLIENT: who is connected, by which name, and putting them out. Source: Redis 7.0, networking.c clientCommand. */
export function clientFamily(_engine: RedisEngine): Family {
  return {
    commands: {
      "client|id": ({ session }) => session.id,
      "client|getname": ({ session }) => clientState(session).name || null,
      "client|setname": (call) => {
        clientState(call.session).name = checkedName(call.arg(2));
        return OK;
      },
      "client|info": (call) => {
        numberDescriptors(call.engine);
        return new Verbatim(`${clientLine(call.session, call.args)}\n`);
      },
      "client|list": list,
      "client|kill": kill,
      "client|getredir": () => -1,
      "client|trackinginfo": () =>
        new Mapping([
          ["flags", new Members(["off"])],
          ["redirect", -1],
          ["prefixes", []],
        ]),
      "client|no-evict": (call) => {
        const word = call.word(2);
        if (word !== "on" && word !== "off") throw syntaxError();
        clientState(call.session).noEvict = word === "on";
        return OK;
      },
    },
    gate: ({ session, spec, now }) => {
      const state = clientState(session);
      state.usedAt = now;
      state.lastCommand = spec.name;
      return undefined;
    },
  };
}

/** normal, pubsub: replicas do not exist here. */
function typeOf(session: RedisSession): string {
  return subscriptions(clientState(session)) > 0 ? "pubsub" : "normal";
}

function readType(call: Call, index: number): string {
  const type = call.word(index);
  if (["normal", "pubsub", "master", "replica"].includes(type)) return type;
  if (type === "slave") return "replica";
  throw error(`Unknown client type '${call.arg(index)}'`);
}

function list(call: Call): Reply {
  const { engine, session } = call;
  numberDescriptors(engine);
  let chosen = [...engine.sessions.values()];
  if (call.count === 4 && call.word(2) === "type") {
    const type = readType(call, 3);
    chosen = chosen.filter((one) => typeOf(one) === type);
  } else if (call.count > 3 && call.word(2) === "id") {
    const ids = call.args.slice(3).map((_, i) => call.integer(i + 3, () => error("Invalid client ID")));
    chosen = ids.flatMap((id) => engine.sessions.get(id) ?? []);
  } else if (call.count !== 2) throw syntaxError();
  const lines = chosen.map((one) => `${clientLine(one, one === session ? call.args : null)}\n`);
  return new Verbatim(lines.join(""));
}

function kill(call: Call): Reply {
  const { engine, session } = call;
  if (call.count === 3) {
    const named = [...engine.sessions.values()].find((one) => placeOf(one) === call.arg(2));
    if (named === undefined) throw error("No such client");
    end(named, session);
    return OK;
  }
  const tests: ((one: RedisSession) => boolean)[] = [];
  let skipMe = true;
  for (let i = 2; i < call.count; i += 2) {
    if (i + 1 >= call.count) throw syntaxError();
    const word = call.word(i);
    const value = call.arg(i + 1);
    if (word === "skipme") skipMe = readYes(call, i + 1);
    else tests.push(filterOf(call, word, i + 1, value));
  }
  const chosen = [...engine.sessions.values()].filter(
    (one) => tests.every((test) => test(one)) && !(skipMe && one === session),
  );
  for (const one of chosen) end(one, session);
  return chosen.length;
}

function filterOf(call: Call, word: string, at: number, value: string): (one: RedisSession) => boolean {
  switch (word) {
    case "id": {
      const id = call.integer(at, () => error("client-id should be greater than 0"));
      if (id < 1) throw error("client-id should be greater than 0");
      return (one) => one.id === id;
    }
    case "type": {
      const type = readType(call, at);
      return (one) => typeOf(one) === type;
    }
    case "addr":
      return (one) => placeOf(one) === value;
    case "laddr":
      return (one) => one.ends.local === value;
    case "user":
      if (value !== "default") throw error(`No such user '${value}'`);
      return () => true;
    default:
      throw syntaxError();
  }
}

function readYes(call: Call, index: number): boolean {
  const word = call.word(index);
  if (word !== "yes" && word !== "no") throw syntaxError();
  return word === "yes";
}

function placeOf({ ends }: RedisSession): string {
  return `${ends.address}:${ends.port}`;
}

/** The one that asks gets its answer first. */
function end(one: RedisSession, asking: RedisSession): void {
  if (one === asking) one.closeAfterReply();
  else one.close();
}
