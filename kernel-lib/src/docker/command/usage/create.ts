import { RUN } from "./run.js";

/** Where the help of `docker create` differs from that of `docker run` (client of Docker 28): the line there, and here. */
const DIFFERENCES: readonly (readonly [run: string, create: string])[] = [
  ["Usage:  docker run ", "Usage:  docker create "],
  ["Create and run a new container from an image", "Create a new container"],
  ["  docker container run, docker run", "  docker container create, docker create"],
  [
    `  -d, --detach                           Run container in background and
                                         print container ID
      --detach-keys string               Override the key sequence for
                                         detaching a container
`,
    "",
  ],
  ["Pull image before running\n", "Pull image before creating\n"],
  ['("always", "missing", "never")', '("always", "|missing", "never")'],
  [
    `      --sig-proxy                        Proxy received signals to the
                                         process (default true)
`,
    "",
  ],
];

/** What `docker create --help` prints. The flags that the command takes are read from here. */
export const CREATE = DIFFERENCES.reduce((text, [run, create]) => text.replace(run, create), RUN);
