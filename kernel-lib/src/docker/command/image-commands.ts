import { LAB_EPOCH_SECONDS } from "../../trace/world.js";
import { DockerError } from "../docker-error.js";
import { humanDuration, humanSize, rfc3339Nano } from "../go/time.js";
import { GoTime } from "../go/value.js";
import { shortId } from "../ids.js";
import { type HistoryRow, historyOf } from "../images/history.js";
import { pruneImages, type Removal, removeImage } from "../images/remove.js";
import { parseReference } from "../reference.js";
import { type Columns, ellipsis, formatRows, tableShape } from "./format.js";
import { type Call, ClientError, daemonSays, type Subcommand } from "./subcommand.js";
import { HISTORY, IMAGE_PRUNE, RMI, TAG } from "./usage/image.js";

/** `docker rmi`. */
export const rmi: Subcommand = {
  names: ["rmi", "image rm", "image remove"],
  help: RMI,
  minimum: 1,
  maximum: Infinity,
  *run(call) {
    const { engine, flags, stdout } = call;
    if (flags.has("platform"))
      throw new ClientError("docker rmi: option --platform is not supported here", 125);
    const refusals: string[] = [];
    for (const word of call.words) {
      try {
        yield* engine.work(20);
        const options = { force: flags.bool("force"), prune: !flags.bool("no-prune") };
        stdout.write(removeImage(engine, word, options).map(removalLine).join(""));
      } catch (error) {
        if (!(error instanceof DockerError)) throw error;
        const unknown = error.kind === "notFound";
        if (unknown && flags.bool("force")) continue;
        refusals.push(unknown && !newer(call) ? `Error: No such image: ${word}` : daemonSays(error));
      }
    }
    if (refusals.length > 0) throw new ClientError(refusals.join("\n"));
    return 0;
  },
};

const newer = ({ engine }: Call): boolean => engine.version.messages === "28";

function removalLine({ kind, text }: Removal): string {
  return `${kind === "untagged" ? "Untagged" : "Deleted"}: ${text}\n`;
}

/** `docker tag`. */
export const tag: Subcommand = {
  names: ["tag", "image tag"],
  help: TAG,
  minimum: 2,
  maximum: 2,
  run({ engine, words }) {
    const [source = "", target = ""] = words;
    let wanted: ReturnType<typeof parseReference>;
    try {
      wanted = parseReference(target);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      throw new ClientError(
        `${engine.version.messages === "28" ? "error" : "Error"} parsing reference: "${target}" is not a valid repository/tag: ${error.message}`,
      );
    }
    engine.images.tag(engine.images.find(source), wanted.name, wanted.tag);
    return 0;
  },
};

interface Row {
  readonly row: HistoryRow;
  readonly cut: boolean;
  readonly human: boolean;
  readonly nowSeconds: number;
}

const COLUMNS: Columns<Row> = {
  type: "*formatter.historyContext",
  fields: {
    ID: {
      heading: "IMAGE",
      value: ({ row: { id }, cut }) => (id === null ? "<missing>" : cut ? shortId(id) : `sha256:${id}`),
    },
    CreatedSince: {
      heading: "CREATED",
      value: ({ row, human, nowSeconds }) =>
        human ? `${humanDuration((nowSeconds - row.created) * 1e9)} ago` : createdAt(row),
    },
    CreatedAt: { heading: "CREATED AT", value: ({ row }) => createdAt(row) },
    CreatedBy: {
      heading: "CREATED BY",
      value: ({ row: { createdBy }, cut }) => {
        const text = createdBy.replaceAll("\t", " ");
        return cut ? ellipsis(text, 45) : text;
      },
    },
    Size: {
      heading: "SIZE",
      value: ({ row: { size }, human }) => (human ? humanSize(size) : String(size)),
    },
    Comment: { heading: "COMMENT", value: ({ row }) => row.comment },
  },
};

function createdAt({ created }: HistoryRow): string {
  return rfc3339Nano(new GoTime(Math.floor(created), 0));
}

/** `docker history`. */
export const history: Subcommand = {
  names: ["history", "image history"],
  help: HISTORY,
  minimum: 1,
  maximum: 1,
  run({ engine, words, flags, stdout }) {
    if (flags.has("platform"))
      throw new ClientError("docker history: option --platform is not supported here", 125);
    const human = !flags.has("human") || flags.bool("human");
    const cut = !flags.bool("no-trunc");
    const nowSeconds = LAB_EPOCH_SECONDS + engine.host.world.scheduler.now / 1e9;
    const rows = historyOf(engine.images.find(words[0]!)).map(
      (row): Row => ({ row, cut, human, nowSeconds }),
    );
    const given = flags.value("format") ?? "";
    const created = human ? "{{.CreatedSince}}" : "{{.CreatedAt}}";
    const table = `table {{.ID}}\t${created}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}`;
    const format = flags.bool("quiet") ? "{{.ID}}" : given === "" || given === "table" ? table : given;
    stdout.write(formatRows(format, COLUMNS, rows, tableShape(engine.version)));
    return 0;
  },
};

/** `docker image prune`. */
export const imagePrune: Subcommand = {
  names: ["image prune"],
  help: IMAGE_PRUNE,
  minimum: 0,
  maximum: 0,
  *run({ engine, flags, process, stdout }) {
    if (flags.has("filter"))
      throw new ClientError("docker image prune: option --filter is not supported here", 125);
    const all = flags.bool("all");
    if (!flags.bool("force")) {
      const what = all
        ? "all images without at least one container associated to them"
        : "all dangling images";
      stdout.write(`WARNING! This will remove ${what}.\nAre you sure you want to continue? [y/N] `);
      if (!/^y/i.test(process.stdin)) {
        stdout.write("Total reclaimed space: 0B\n");
        return 0;
      }
    }
    yield* engine.work(30);
    const { removals, size } = pruneImages(engine, all);
    const lines = removals.map(({ kind, text }) => `${kind}: ${text}\n`);
    if (lines.length > 0) stdout.write(`Deleted Images:\n${lines.join("")}\n`);
    stdout.write(`Total reclaimed space: ${humanSize(size, 4)}\n`);
    return 0;
  },
};
