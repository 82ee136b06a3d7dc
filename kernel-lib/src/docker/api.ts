import type { CommandResult } from "../host/command-result.js";

/** Options of {@link DockerApi.run}, under the names of the command's options. */
export interface RunOptions {
  readonly name?: string;
  readonly network?: string;
  readonly ip?: string;
  readonly hostname?: string;
  readonly publish?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly restart?: "no" | "always" | "on-failure" | "unless-stopped";
  readonly rm?: boolean;
  readonly command?: readonly string[];
}

export interface NetworkOptions {
  /** Default "bridge". "overlay" needs a manager of a swarm. */
  readonly driver?: "bridge" | "overlay";
  readonly subnet?: string;
  readonly gateway?: string;
  readonly ipRange?: string;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  /** Name of the bridge device; `br-` and the id's beginning when absent. */
  readonly bridge?: string;
}

/** A container as the typed calls give it back. */
export interface ContainerHandle {
  readonly id: string;
  readonly name: string;
}

/** A command that the engine refused: its words, and its exit status. */
export class DockerCommandError extends Error {
  override readonly name = "DockerCommandError";
  constructor(
    readonly argv: readonly string[],
    readonly result: CommandResult,
  ) {
    super(result.stderr.trimEnd() || `${argv.join(" ")} ended with status ${result.status}`);
  }
}

/** Typed calls that build `docker` commands and run them: what they do is what the command does. Throws DockerCommandError when it is refused. */
export class DockerApi {
  constructor(protected readonly execute: (argv: readonly string[]) => CommandResult) {}

  /** `docker run -d`. */
  run(image: string, options: RunOptions = {}): ContainerHandle {
    const id = this.line(["docker", "run", "-d", ...runWords(options), image, ...(options.command ?? [])]);
    return { id, name: options.name ?? this.line(["docker", "inspect", "-f", "{{slice .Name 1}}", id]) };
  }

  /** `docker exec`: its status may be any, so the result is given back as it is. */
  exec(container: string, ...argv: string[]): CommandResult {
    return this.execute(["docker", "exec", container, ...argv]);
  }

  stop(container: string, options: { readonly seconds?: number } = {}): void {
    this.line([
      "docker",
      "stop",
      ...(options.seconds === undefined ? [] : ["-t", String(options.seconds)]),
      container,
    ]);
  }

  start(container: string): void {
    this.line(["docker", "start", container]);
  }

  restart(container: string): void {
    this.line(["docker", "restart", container]);
  }

  rm(container: string, options: { readonly force?: boolean } = {}): void {
    this.line(["docker", "rm", ...(options.force ? ["-f"] : []), container]);
  }

  /** `docker inspect`, read. */
  inspect(name: string): unknown {
    return (JSON.parse(this.line(["docker", "inspect", name])) as unknown[])[0];
  }

  readonly networks = {
    /** `docker network create`; gives the id. */
    create: (name: string, options: NetworkOptions = {}): string =>
      this.line(["docker", "network", "create", ...networkWords(options), name]),
    connect: (network: string, container: string, options: { readonly ip?: string } = {}): void => {
      this.line([
        "docker",
        "network",
        "connect",
        ...(options.ip === undefined ? [] : ["--ip", options.ip]),
        network,
        container,
      ]);
    },
    disconnect: (network: string, container: string): void => {
      this.line(["docker", "network", "disconnect", network, container]);
    },
    rm: (network: string): void => {
      this.line(["docker", "network", "rm", network]);
    },
  };

  protected line(argv: readonly string[]): string {
    const result = this.execute(argv);
    if (result.status !== 0) throw new DockerCommandError(argv, result);
    return result.stdout.trimEnd();
  }
}

function runWords(options: RunOptions): string[] {
  const valued = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value]);
  return [
    ...valued("--name", options.name),
    ...valued("--network", options.network),
    ...valued("--ip", options.ip),
    ...valued("--hostname", options.hostname),
    ...valued("--restart", options.restart),
    ...(options.rm ? ["--rm"] : []),
    ...(options.publish ?? []).flatMap((port) => ["-p", port]),
    ...Object.entries(options.env ?? {}).flatMap(([key, value]) => ["-e", `${key}=${value}`]),
    ...Object.entries(options.labels ?? {}).flatMap(([key, value]) => ["-l", `${key}=${value}`]),
  ];
}

function networkWords(options: NetworkOptions): string[] {
  const valued = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value]);
  return [
    ...valued("--driver", options.driver),
    ...valued("--subnet", options.subnet),
    ...valued("--gateway", options.gateway),
    ...valued("--ip-range", options.ipRange),
    ...(options.internal ? ["--internal"] : []),
    ...(options.attachable ? ["--attachable"] : []),
    ...(options.bridge === undefined ? [] : ["-o", `com.docker.network.bridge.name=${options.bridge}`]),
  ];
}
