import { marshal } from "../go/json.js";
import { GoMap, GoStruct, type GoValue } from "../go/value.js";
import { Template } from "../template/template.js";
import { TemplateError } from "../template/template-error.js";
import type { EngineVersion, ReleaseInfo } from "../versions/engine-version.js";
import { type Call, ClientError, type Subcommand } from "./subcommand.js";
import { VERSION } from "./usage/image.js";

function line(indent: string, width: number, title: string, value: string): string {
  return `${indent}${`${title}:`.padEnd(width)}${value}\n`;
}

function release(info: ReleaseInfo, indent: string, api: string): string {
  const rows: [string, string][] = [
    ["Version", info.version],
    ["API version", api],
    ["Go version", info.go],
    ["Git commit", info.commit],
    ["Built", info.built],
    ["OS/Arch", "linux/amd64"],
  ];
  return rows.map(([title, value]) => line(indent, 19 - (indent.length - 1), title, value)).join("");
}

const isModern = ({ server }: EngineVersion): boolean => !/^1[.7]/.test(server.version);

function titled(name: string, { platform }: EngineVersion): string {
  return platform === "" ? `${name}:\n` : `${name}: ${platform}\n`;
}

function experimental(value: boolean, indent: string): string {
  return line(indent, 19 - (indent.length - 1), "Experimental", String(value));
}

/** The client's part of `docker version`. */
export function clientVersion({ engine: { version } }: Call): string {
  const { client, messages } = version;
  const modern = isModern(version);
  return (
    (modern ? titled("Client", version) : "Client:\n") +
    release(client, " ", client.api) +
    (modern ? line(" ", 19, "Context", "default") : "") +
    (modern && messages === "20.10" ? experimental(client.experimental, " ") : "")
  );
}

function versionText(call: Call): string {
  const { version } = call.engine;
  const { server, containerd, runc, init } = version;
  const modern = isModern(version);
  const part = (name: string, version: string, commit: string) =>
    `${line(" ", 0, name, "")}${line("  ", 18, "Version", version)}${line("  ", 18, "GitCommit", commit)}`;
  const serverText = release(
    server,
    modern ? "  " : " ",
    `${server.api} (minimum version ${server.minimumApi})`,
  );
  if (!modern) return `${clientVersion(call)}\nServer:\n${serverText}${experimental(false, " ")}`;
  const parts =
    part("containerd", containerd.version, containerd.commit) +
    part("runc", runc.version, runc.commit) +
    part("docker-init", init.version, init.commit);
  return `${clientVersion(call)}\n${titled("Server", version)} Engine:\n${serverText}${experimental(server.experimental, "  ")}${parts}`;
}

function versionValue({ engine }: Call): GoStruct {
  const { client, server, containerd, runc, init, platform } = engine.version;
  const base = (info: ReleaseInfo, more: Readonly<Record<string, GoValue>>) => ({
    Version: info.version,
    ApiVersion: info.api,
    ...more,
    GitCommit: info.commit,
    GoVersion: info.go,
    Os: "linux",
    Arch: "amd64",
  });
  const named = GoStruct.of("struct", { Name: platform });
  const component = (name: string, version: string, commit: string) =>
    GoStruct.of("types.ComponentVersion", {
      Name: name,
      Version: version,
      Details: GoMap.of({ GitCommit: commit }),
    });
  const details = {
    ApiVersion: server.api,
    Arch: "amd64",
    BuildTime: server.built,
    Experimental: "false",
    GitCommit: server.commit,
    GoVersion: server.go,
    KernelVersion: engine.host.kernelRelease,
    MinAPIVersion: server.minimumApi,
    Os: "linux",
  };
  const parts = [
    GoStruct.of("types.ComponentVersion", {
      Name: "Engine",
      Version: server.version,
      Details: GoMap.of(details),
    }),
    component("containerd", containerd.version, containerd.commit),
    component("runc", runc.version, runc.commit),
    component("docker-init", init.version, init.commit),
  ];
  const clientValue = {
    Platform: named,
    ...base(client, { DefaultAPIVersion: client.api }),
    BuildTime: client.built,
    Context: "default",
    Experimental: client.experimental,
  };
  const serverValue = {
    Platform: named,
    Components: parts,
    ...base(server, { MinAPIVersion: server.minimumApi }),
    KernelVersion: engine.host.kernelRelease,
    BuildTime: server.built,
  };
  return GoStruct.of("system.versionInfo", {
    Client: GoStruct.of("system.clientVersion", clientValue),
    Server: GoStruct.of("types.Version", serverValue, true),
  });
}

/** `docker version`. */
export const version: Subcommand = {
  names: ["version"],
  help: VERSION,
  minimum: 0,
  maximum: 0,
  run(call) {
    const format = call.flags.value("format") ?? "";
    if (format === "") call.stdout.write(versionText(call));
    else if (format === "json") call.stdout.write(`${marshal(versionValue(call))}\n`);
    else call.stdout.write(`${parsed(format).execute(versionValue(call))}\n`);
    return 0;
  },
};

function parsed(format: string): Template {
  try {
    return new Template(format);
  } catch (error) {
    if (error instanceof TemplateError) throw new ClientError(`template parsing error: ${error.message}`, 64);
    throw error;
  }
}
