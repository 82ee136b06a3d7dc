import { existsSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { LIBRARY_FOLDER } from "./folders.js";
import { wholeNumber } from "./numbers.js";

interface ChatChoice {
  readonly port: number;
  readonly redis?: string;
  readonly embedded?: boolean;
}

/** `hopbook chat`: the application of chapter 5 outside a lab, until Ctrl-C. */
export function chatCommand(): Command {
  return new Command("chat")
    .description("Run chapter 5's chat on this machine: two servers that meet in a real Redis.")
    .option(
      "--port <n>",
      "port of the first server, the second has the next one",
      wholeNumber(1, 65534),
      5000,
    )
    .option("--redis <url>", "a Redis that runs already, for instance redis://127.0.0.1:6379")
    .option("--embedded", "the lab's own Redis, also where redis-server is installed")
    .addHelpText("after", "\nExample:\n  hopbook chat --port 5000")
    .action(async ({ port, redis, embedded }: ChatChoice) => {
      const folder = join(LIBRARY_FOLDER, "chat");
      if (!existsSync(join(folder, "server.mjs")))
        throw new Error("the chat is not built yet: run `npm run build` first");
      const { startChat } = await import("./chat-run.js");
      const chat = await startChat({
        folder,
        ports: [port, port + 1],
        tell: (line) => console.log(line),
        ...(redis === undefined ? {} : { redis }),
        ...(embedded === undefined ? {} : { embedded }),
      });
      for (const { name, address } of chat.instances) console.log(`${name}: ${address}`);
      console.log("Open both, each in a tab of its own. Ctrl-C ends.");
      const end = () => void chat.close().then(() => process.exit(0));
      process.once("SIGINT", end).once("SIGTERM", end);
    });
}
