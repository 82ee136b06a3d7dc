import { bytesOf } from "../../host/fs/inode.js";
import { type BuildContext, dockerfileOnly, gather } from "../build/context.js";
import { type Call, ClientError } from "./subcommand.js";

/** A Dockerfile with what it may copy. */
export interface BuildSource {
  readonly dockerfile: string;
  /** As messages name it. */
  readonly name: string;
  readonly dockerfileSize: number;
  readonly context: BuildContext;
  /** There is no such Dockerfile, which BuildKit says only when it builds. */
  readonly missing: boolean;
}

/** Reads what `docker build PATH` or `docker build -` builds. Throws ClientError in the client's words. */
export function openSource(call: Call): BuildSource {
  const { process, flags } = call;
  const { files } = process;
  const word = call.words[0]!;
  const newer = call.engine.version.messages === "28" && process.env.get("DOCKER_BUILDKIT") !== "0";
  const prefix = newer ? "ERROR: " : "";
  const given = flags.value("file");
  if (word === "-") return fromText(process.stdin, "Dockerfile", dockerfileOnly(process.stdin));
  if (/^(https?|git|ssh):|^git@/.test(word))
    throw new ClientError(
      `${prefix}unable to prepare context: a context from the Internet is not supported here`,
    );
  if (!files.exists(word) || files.stat(word).type !== "directory")
    throw new ClientError(
      newer
        ? `ERROR: failed to build: unable to prepare context: path "${word}" not found`
        : `unable to prepare context: path "${word}" not found`,
    );
  const folder = files.absolute(word);
  if (given === "-") return fromText(process.stdin, "Dockerfile", gather(files, folder, ""));
  const path = files.absolute(given ?? `${folder}/Dockerfile`);
  const inner = path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : "";
  if (!files.exists(path)) {
    if (newer)
      return { ...fromText("", path.split("/").at(-1)!, gather(files, folder, inner)), missing: true };
    throw new ClientError(
      `unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat ${path}: no such file or directory`,
    );
  }
  return fromText(
    files.readText(path),
    inner === "" ? path.split("/").at(-1)! : inner,
    gather(files, folder, inner),
  );
}

function fromText(dockerfile: string, name: string, context: BuildContext): BuildSource {
  return { dockerfile, name, dockerfileSize: bytesOf(dockerfile).length, context, missing: false };
}
