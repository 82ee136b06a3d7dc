import { lower } from "./byte-text.js";
import { Call } from "./call.js";
import { COMMANDS, type CommandSpec } from "./command-table.js";
import type { RedisEngine } from "./engine.js";
import { refused, wrongArity } from "./errors.js";
import { RedisError, type Reply } from "./reply.js";
import type { RedisSession } from "./session.js";

/** Characters of an unknown command, and of its arguments, that the error repeats. */
const ECHO_LIMIT = 128;

/** Finds a command, asks the gates, carries it out: Redis 7.0, server.c processCommand. */
export function dispatch(engine: RedisEngine, session: RedisSession, args: readonly string[]): Reply {
  const spec = lookUp(args);
  if (spec instanceof RedisError) return reject(engine, session, spec);
  const call = new Call(engine, session, spec, args);
  for (const family of engine.families) {
    const reply = family.gate?.(call);
    if (reply === undefined) continue;
    return reply instanceof RedisError ? reject(engine, session, reply) : reply;
  }
  return perform(call);
}

/** Carries out a command that has passed the gates (EXEC's, a waiting client's second try). */
export function perform(call: Call): Reply {
  const { engine, spec } = call;
  const handler = engine.handlers.get(spec.name);
  if (handler === undefined) return reject(engine, call.session, refusal(spec));
  engine.statistics.commands++;
  let reply: Reply;
  try {
    reply = handler(call);
  } catch (error) {
    if (!(error instanceof RedisError)) throw error;
    reply = error;
  }
  for (const family of engine.families) family.after?.(call, reply);
  return reply;
}

/** The command that the words mean, with the right number of them, or Redis' error. */
export function lookUp(args: readonly string[]): CommandSpec | RedisError {
  const name = args[0]!;
  const command = COMMANDS.get(lower(name));
  if (command === undefined) return unknownCommand(args);
  let spec = command;
  if (command.subcommands.size > 0 && args.length > 1) {
    const subcommand = command.subcommands.get(lower(args[1]!));
    if (subcommand === undefined) {
      const word = args[1]!.slice(0, ECHO_LIMIT);
      return new RedisError(`ERR unknown subcommand '${word}'. Try ${command.name.toUpperCase()} HELP.`);
    }
    spec = subcommand;
  }
  const fits = spec.arity > 0 ? args.length === spec.arity : args.length >= -spec.arity;
  return fits ? spec : wrongArity(spec.name);
}

function unknownCommand(args: readonly string[]): RedisError {
  let repeated = "";
  for (const arg of args.slice(1)) {
    if (repeated.length >= ECHO_LIMIT) break;
    repeated += `'${arg.slice(0, ECHO_LIMIT - repeated.length)}' `;
  }
  const name = args[0]!.slice(0, ECHO_LIMIT);
  return new RedisError(`ERR unknown command '${name}', with args beginning with: ${repeated}`);
}

function reject(engine: RedisEngine, session: RedisSession, error: RedisError): RedisError {
  for (const family of engine.families) family.rejected?.(session);
  return error;
}

/** A command that Redis has and the lab has not. */
function refusal(spec: CommandSpec): RedisError {
  return refused(`the command ${spec.name.replace("|", " ").toUpperCase()}`);
}
