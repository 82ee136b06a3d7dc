import type { Call } from "../call.js";
import { channelsOf } from "../channels.js";
import { clientState, subscriptions } from "../client-state.js";
import type { RedisEngine } from "../engine.js";
import { REDIS_VERSION } from "../engine.js";
import { badDatabase, notInteger, syntaxError, wrongArity } from "../errors.js";
import type { Family } from "../family.js";
import { Mapping, OK, RedisError, type Reply, Status } from "../reply.js";
import type { RedisSession } from "../session.js";
import { forgetWatch } from "./transactions.js";

const WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled.";
const NO_PASSWORD =
  "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?";

/** What concerns the connection itself: password, protocol, database. Source: Redis 7.0, networking.c and acl.c. */
export function connectionFamily(_engine: RedisEngine): Family {
  return {
    commands: { ping, echo: (call) => call.arg(1), select, quit, auth, hello, reset },
    gate: ({ session, spec }) =>
      session.authenticated || spec.flags.has("no_auth")
        ? undefined
        : new RedisError("NOAUTH Authentication required."),
  };
}

/** A client that listens, and speaks RESP2, gets a message. */
function ping({ args, session }: Call): Reply {
  if (args.length > 2) throw wrongArity("ping");
  if (session.resp === 2 && subscriptions(clientState(session)) > 0) return ["pong", args[1] ?? ""];
  return args[1] ?? new Status("PONG");
}

function select(call: Call): Reply {
  const index = call.integer(1, notInteger);
  if (index < 0 || index >= call.engine.databaseCount) throw badDatabase();
  call.session.database = index;
  return OK;
}

function quit({ session }: Call): Reply {
  session.closeAfterReply();
  return OK;
}

function auth(call: Call): Reply {
  if (call.count > 3) throw syntaxError();
  const password = call.engine.settings.get("requirepass") ?? "";
  if (call.count === 2 && password === "") throw new RedisError(NO_PASSWORD);
  const [user, given] = call.count === 2 ? ["default", call.arg(1)] : [call.arg(1), call.arg(2)];
  authenticate(call.session, user, given);
  return OK;
}

/** Throws WRONGPASS. Without a password set, the default user comes in with any. */
function authenticate(session: RedisSession, user: string, given: string): void {
  const password = session.engine.settings.get("requirepass") ?? "";
  if (user !== "default" || (password !== "" && password !== given)) throw new RedisError(WRONG_PASSWORD);
  session.authenticated = true;
}

function hello(call: Call): Reply {
  const { session } = call;
  const version = call.count > 1 ? readVersion(call) : session.resp;
  let login: readonly [string, string] | null = null;
  let name: string | null = null;
  for (let i = 2; i < call.count; i++) {
    const word = call.word(i);
    if (word === "auth" && i + 2 < call.count) {
      login = [call.arg(i + 1), call.arg(i + 2)];
      i += 2;
    } else if (word === "setname" && i + 1 < call.count) name = checkedName(call.arg(++i));
    else throw new RedisError(`ERR Syntax error in HELLO option '${call.arg(i)}'`);
  }
  if (login !== null) authenticate(session, ...login);
  if (!session.authenticated)
    throw new RedisError(
      "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time",
    );
  if (name !== null) clientState(session).name = name;
  session.resp = version;
  return new Mapping([
    ["server", "redis"],
    ["version", REDIS_VERSION],
    ["proto", version],
    ["id", session.id],
    ["mode", "standalone"],
    ["role", "master"],
    ["modules", []],
  ]);
}

function readVersion(call: Call): 2 | 3 {
  const version = call.integer(
    1,
    () => new RedisError("ERR Protocol version is not an integer or out of range"),
  );
  if (version !== 2 && version !== 3) throw new RedisError("NOPROTO unsupported protocol version");
  return version;
}

/** A client's name: printable, without spaces. */
export function checkedName(name: string): string {
  if (/[^!-~]/.test(name))
    throw new RedisError("ERR Client names cannot contain spaces, newlines or special characters.");
  return name;
}

/** As if the client had connected anew. */
function reset({ session }: Call): Reply {
  const state = clientState(session);
  forgetWatch(session);
  channelsOf(session.engine).leave(session);
  state.monitors = false;
  state.name = "";
  session.database = 0;
  session.resp = 2;
  session.authenticated = (session.engine.settings.get("requirepass") ?? "") === "";
  return new Status("RESET");
}
