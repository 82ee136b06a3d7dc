import { wrongArity } from "../errors.js";
import type { Family } from "../family.js";
import { OK, RedisError, Status } from "../reply.js";

/** What concerns the connection itself. */
export function connectionFamily(): Family {
  return {
    commands: {
      ping: ({ args }) => {
        if (args.length > 2) throw wrongArity("ping");
        return args[1] ?? new Status("PONG");
      },
      echo: (call) => call.arg(1),
      select: (call) => {
        const index = call.integer(1, () => new RedisError("ERR value is not an integer or out of range"));
        if (index < 0 || index >= call.engine.databaseCount)
          throw new RedisError("ERR DB index is out of range");
        call.session.database = index;
        return OK;
      },
      quit: ({ session }) => {
        session.closeAfterReply();
        return OK;
      },
    },
  };
}
