import { readFileSync } from "node:fs";

/** What a connection file holds: where the kernel's five sockets are and the key that signs messages. */
export interface ConnectionInfo {
  readonly transport: string;
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: string;
  readonly kernel_name?: string;
}

export type SocketName = "shell" | "iopub" | "stdin" | "control" | "hb";

const PORTS: readonly SocketName[] = ["shell", "iopub", "stdin", "control", "hb"];

/** Reads a connection file; throws in plain words when it is missing, broken, or asks for another signature scheme. */
export function readConnectionFile(path: string): ConnectionInfo {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    throw new Error(`cannot read the connection file ${path}`);
  }
  let info: Partial<ConnectionInfo>;
  try {
    info = JSON.parse(text) as Partial<ConnectionInfo>;
  } catch {
    throw new Error(`the connection file ${path} is not JSON`);
  }
  for (const name of PORTS) {
    const port = info[`${name}_port`];
    if (!Number.isInteger(port)) throw new Error(`the connection file ${path} has no ${name}_port`);
  }
  const scheme = info.signature_scheme || "hmac-sha256";
  if (scheme !== "hmac-sha256") throw new Error(`signature scheme ${scheme} is not supported here`);
  return {
    ...(info as ConnectionInfo),
    transport: info.transport ?? "tcp",
    ip: info.ip ?? "127.0.0.1",
    key: info.key ?? "",
    signature_scheme: scheme,
  };
}

/** The ZeroMQ address of one socket: `tcp://ip:port`, or `ipc://path-port`. */
export function socketAddress(info: ConnectionInfo, name: SocketName): string {
  const separator = info.transport === "tcp" ? ":" : "-";
  return `${info.transport}://${info.ip}${separator}${info[`${name}_port`]}`;
}
