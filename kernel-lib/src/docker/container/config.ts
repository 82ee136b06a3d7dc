import type { Image } from "../images/image.js";

/** One `-p`: where on the machine, and which port of the container. */
export interface PortBinding {
  readonly hostIp: string;
  /** Empty: a free one is chosen. */
  readonly hostPort: string;
  readonly containerPort: number;
  readonly protocol: "tcp" | "udp" | "sctp";
}

/** What a container is asked to be in one network. */
export interface EndpointRequest {
  readonly address: string | null;
  readonly aliases: readonly string[];
  /** Joined by `docker network connect`: `docker inspect` then shows empty values for what was not given. */
  readonly connected?: boolean;
}

/** What `docker create` is asked for: the image's configuration with the options of the command line over it. */
export interface ContainerRequest {
  readonly name: string | null;
  readonly image: Image;
  /** As typed: `alpine:latest`. */
  readonly imageText: string;
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[];
  readonly env: readonly string[];
  readonly hostname: string | null;
  readonly domainname: string;
  readonly user: string;
  readonly workingDirectory: string;
  readonly tty: boolean;
  readonly openStdin: boolean;
  readonly attach: boolean;
  readonly labels: ReadonlyMap<string, string>;
  readonly exposed: readonly string[];
  readonly ports: readonly PortBinding[];
  readonly publishAll: boolean;
  readonly networkMode: string;
  readonly endpoint: EndpointRequest;
  readonly mac: string;
  readonly restart: { readonly name: string; readonly retries: number };
  readonly autoRemove: boolean;
  readonly privileged: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  readonly extraHosts: readonly string[];
  readonly sysctls: ReadonlyMap<string, string>;
  readonly stopSignal: string | null;
  readonly stopTimeout: number | null;
  readonly memory: number;
}
