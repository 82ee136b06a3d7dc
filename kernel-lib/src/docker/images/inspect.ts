import { sha256 } from "../../base/sha256.js";
import { bytesOf } from "../../host/fs/inode.js";
import { LAB_EPOCH_SECONDS } from "../../trace/world.js";
import { rfc3339Nano, timeOf } from "../go/time.js";
import { GoMap, GoNil, GoStruct, GoTime, type GoValue } from "../go/value.js";
import type { BuildStep, Image } from "./image.js";
import { stepsOf } from "./image-files.js";

/** When an image was built. */
export function imageCreated(image: Image): GoTime {
  if (image.step !== undefined) return timeOf(image.step.createdAt);
  return new GoTime(LAB_EPOCH_SECONDS - image.ageSeconds, 0);
}

/** The value that `docker image inspect` shows (types.ImageInspect), with all names of the image. */
export function inspectImage(image: Image, named: readonly Image[], dockerVersion: string): GoStruct {
  const { step } = image;
  const builtByHand = step !== undefined && step.comment === "";
  const fields: [string, GoValue, string?][] = [
    ["ID", `sha256:${image.id}`, "Id"],
    ["RepoTags", named.map(({ name, tag }) => `${name}:${tag}`)],
    ["RepoDigests", image.local ? [] : [`${image.name}@sha256:${image.digest}`]],
    ["Parent", builtByHand && step.parent !== null ? `sha256:${step.parent.id}` : ""],
    ["Comment", step?.comment ?? ""],
    ["Created", rfc3339Nano(imageCreated(image))],
    ...(builtByHand ? containerFields(image, step) : []),
    ["DockerVersion", image.local && (step === undefined || builtByHand) ? dockerVersion : ""],
    ["Author", ""],
    [
      "Config",
      imageConfig(image, { Image: builtByHand && step.parent !== null ? `sha256:${step.parent.id}` : "" }),
    ],
    ["Architecture", "amd64"],
    ["Os", "linux"],
    ["Size", image.size],
    ["VirtualSize", image.size],
    ["GraphDriver", graphDriver(image)],
    ["RootFS", GoStruct.of("types.RootFS", { Type: "layers", Layers: layersOf(image) })],
    ["Metadata", GoStruct.of("types.ImageMetadata", { LastTagTime: GoTime.zero })],
  ];
  return new GoStruct(
    "types.ImageInspect",
    fields.map(([name, value, json = name]) => ({ name, value, json })),
  );
}

/** The container that the classic builder made the image of. */
function containerFields(image: Image, step: BuildStep): [string, GoValue][] {
  const words = /^\/bin\/sh -c (#\(nop\) )(.*)$/s.exec(step.createdBy);
  const command =
    words === null ? ["/bin/sh", "-c", step.createdBy] : ["/bin/sh", "-c", words[1]!, words[2]!.trimStart()];
  return [
    ["Container", step.container],
    [
      "ContainerConfig",
      imageConfig(image, {
        Hostname: step.container.slice(0, 12),
        Cmd: command,
        Image: step.parent === null ? "" : `sha256:${step.parent.id}`,
      }),
    ],
  ];
}

/** The folders of overlay2: those below are joined, the uppermost layer first. */
function graphDriver(image: Image): GoStruct {
  const folders = layersOf(image).map((layer) => `/var/lib/docker/overlay2/${sha256(bytesOf(layer))}`);
  const own = folders.pop()!;
  const below = folders.reverse().map((folder) => `${folder}/diff`);
  return GoStruct.of("types.GraphDriverData", {
    Data: GoMap.of({
      ...(below.length === 0 ? {} : { LowerDir: below.join(":") }),
      MergedDir: `${own}/merged`,
      UpperDir: `${own}/diff`,
      WorkDir: `${own}/work`,
    }),
    Name: "overlay2",
  });
}

function layersOf(image: Image): string[] {
  const own = stepsOf(image).filter(({ layer }) => layer !== null && layer.size > 0);
  return [
    `sha256:${image.digest}`,
    ...own.map(({ createdBy, cacheKey }) => `sha256:${sha256(bytesOf(`${createdBy} ${cacheKey}`))}`),
  ];
}

function imageConfig(image: Image, changes: Readonly<Record<string, GoValue>> = {}): GoStruct {
  return GoStruct.of(
    "container.Config",
    {
      Hostname: "",
      Domainname: "",
      User: image.user ?? "",
      AttachStdin: false,
      AttachStdout: false,
      AttachStderr: false,
      ...(image.exposed.length === 0
        ? {}
        : {
            ExposedPorts: new GoMap(
              new Map(image.exposed.map((port) => [port, GoStruct.of("struct {}", {})])),
              "struct {}",
            ),
          }),
      Tty: false,
      OpenStdin: false,
      StdinOnce: false,
      Env: [...image.env],
      Cmd: image.command.length === 0 ? GoNil.slice : [...image.command],
      Image: "",
      Volumes:
        image.volumes === undefined || image.volumes.length === 0
          ? GoNil.map
          : new GoMap(
              new Map(image.volumes.map((path) => [path, GoStruct.of("struct {}", {})])),
              "struct {}",
            ),
      WorkingDir: image.workingDirectory,
      Entrypoint: image.entrypoint === null ? GoNil.slice : [...image.entrypoint],
      OnBuild: GoNil.slice,
      Labels: image.labels.size === 0 ? GoNil.map : new GoMap(image.labels, "string"),
      ...(image.stopSignal === null ? {} : { StopSignal: image.stopSignal }),
      ...changes,
    },
    true,
  );
}
