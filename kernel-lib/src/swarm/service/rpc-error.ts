import { DockerError } from "../../docker/docker-error.js";
import type { EngineVersion } from "../../docker/versions/engine-version.js";

/** gRPC status codes by name, as the daemon shows what its manager refuses. */
const CODES = {
  Unknown: 2,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  AlreadyExists: 6,
  FailedPrecondition: 9,
  OutOfRange: 11,
  Unimplemented: 12,
  Unavailable: 14,
} as const;

export type RpcCode = keyof typeof CODES;

const KINDS: Readonly<Partial<Record<RpcCode, DockerError["kind"]>>> = {
  InvalidArgument: "invalid",
  NotFound: "notFound",
  AlreadyExists: "conflict",
};

/** `rpc error: code = InvalidArgument desc = …`; the code is a number until 17.05 (gRPC 1.0). */
export function rpcError({ release }: EngineVersion, code: RpcCode, text: string): DockerError {
  const shown = release.startsWith("1.12") || release.startsWith("17.05") ? CODES[code] : code;
  return new DockerError(`rpc error: code = ${shown} desc = ${text}`, KINDS[code] ?? "server");
}
