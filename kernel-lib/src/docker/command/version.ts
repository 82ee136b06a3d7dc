import { marshal } from "../go/json.js";
import { GoMap, GoStruct, type GoValue } from "../go/value.js";
import { Template } from "../template/template.js";
import { TemplateError } from "../template/template-error.js";
import type { ReleaseInfo } from "../versions/engine-version.js";
import { type Call, ClientError, type Subcommand } from "./subcommand.js";
import { INFO, VERSION } from "./usage/image.js";

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

function versionText({ engine }: Call): string {
  const { client, server, containerd, runc, init, platform, messages } = engine.version;
  const title = (name: string) => (platform === "" ? `${name}:\n` : `${name}: ${platform}\n`);
  const modern = !/^1[.7]/.test(server.version);
  const experimental = (value: boolean, indent: string) =>
    line(indent, 19 - (indent.length - 1), "Experimental", String(value));
  const part = (name: string, version: string, commit: string) =>
    `${line(" ", 0, name, "")}${line("  ", 18, "Version", version)}${line("  ", 18, "GitCommit", commit)}`;
  const clientText =
    release(client, " ", client.api) +
    (modern ? line(" ", 19, "Context", "default") : "") +
    (modern && messages === "20.10" ? experimental(client.experimental, " ") : "");
  const serverText = release(
    server,
    modern ? "  " : " ",
    `${server.api} (minimum version ${server.minimumApi})`,
  );
  if (!modern) return `Client:\n${clientText}\nServer:\n${serverText}${experimental(false, " ")}`;
  const parts =
    part("containerd", containerd.version, containerd.commit) +
    part("runc", runc.version, runc.commit) +
    part("docker-init", init.version, init.commit);
  return `${title("Client")}${clientText}\n${title("Server")} Engine:\n${serverText}${experimental(server.experimental, "  ")}${parts}`;
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

/** `docker info`: the part that concerns the lab. */
export const info: Subcommand = {
  names: ["info"],
  help: INFO,
  minimum: 0,
  maximum: 0,
  run(call) {
    if (call.flags.has("format")) throw new ClientError("docker info: option --format is not supported here");
    const { engine } = call;
    const all = engine.containers.list();
    const running = all.filter((container) => container.running).length;
    call.stdout.write(
      `Client:\n Context:    default\n Debug Mode: false\n\nServer:\n Containers: ${all.length}\n  Running: ${running}\n  Paused: 0\n  Stopped: ${all.length - running}\n Images: ${engine.images.list().length}\n` +
        ` Server Version: ${engine.version.server.version}\n Storage Driver: overlay2\n Logging Driver: json-file\n Cgroup Driver: cgroupfs\n Plugins:\n  Volume: local\n` +
        `  Network: bridge host ipvlan macvlan null overlay\n Swarm: inactive\n Default Runtime: runc\n Init Binary: docker-init\n` +
        ` Kernel Version: ${engine.host.kernelRelease}\n Operating System: Debian GNU/Linux 12 (bookworm)\n OSType: linux\n Architecture: x86_64\n CPUs: 2\n Name: ${engine.host.uts.hostname}\n` +
        ` Docker Root Dir: /var/lib/docker\n Debug Mode: false\n Experimental: false\n Live Restore Enabled: false\n`,
    );
    return 0;
  },
};
