import { attach } from "./attach.js";
import { build } from "./build.js";
import { exec } from "./exec.js";
import { history, imagePrune, rmi, tag } from "./image-commands.js";
import { images, pull } from "./images.js";
import { info } from "./info.js";
import { containerInspect, imageInspect, inspect, networkInspect } from "./inspect.js";
import { containerPrune, kill, rename, restart, rm, start, stop, wait } from "./lifecycle.js";
import { logs } from "./logs.js";
import { networkConnect, networkDisconnect, networkPrune, networkRemove } from "./network.js";
import { networkCreate } from "./network-create.js";
import { networkList } from "./network-ls.js";
import { port, top } from "./port-top.js";
import { ps } from "./ps.js";
import { create, run } from "./run.js";
import type { Subcommand } from "./subcommand.js";
import { version } from "./version.js";

/** Every subcommand of `docker` that the lab has. */
export const COMMANDS: readonly Subcommand[] = [
  attach,
  build,
  containerInspect,
  containerPrune,
  create,
  exec,
  history,
  imageInspect,
  imagePrune,
  images,
  info,
  inspect,
  kill,
  logs,
  networkConnect,
  networkCreate,
  networkDisconnect,
  networkInspect,
  networkList,
  networkPrune,
  networkRemove,
  port,
  ps,
  pull,
  rename,
  restart,
  rm,
  rmi,
  run,
  start,
  stop,
  tag,
  top,
  version,
  wait,
];
