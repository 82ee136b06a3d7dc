import { LAB_EPOCH_SECONDS } from "../../trace/world.js";
import { rfc3339Nano, timeOf } from "../go/time.js";
import { GoMap, GoNil, GoStruct, GoTime, type GoValue } from "../go/value.js";
import type { Image } from "./image.js";

/** When an image was built. */
export function imageCreated(image: Image): GoTime {
  if (image.step !== undefined) return timeOf(image.step.createdAt);
  return new GoTime(LAB_EPOCH_SECONDS - image.ageSeconds, 0);
}

/** The value that `docker image inspect` shows (types.ImageInspect). */
export function inspectImage(image: Image, dockerVersion: string): GoStruct {
  const fields: [string, GoValue, string?][] = [
    ["ID", `sha256:${image.id}`, "Id"],
    ["RepoTags", [`${image.name}:${image.tag}`]],
    ["RepoDigests", image.local ? [] : [`${image.name}@sha256:${image.digest}`]],
    ["Parent", ""],
    ["Comment", ""],
    ["Created", rfc3339Nano(imageCreated(image))],
    ["DockerVersion", image.local ? dockerVersion : ""],
    ["Author", ""],
    ["Config", imageConfig(image)],
    ["Architecture", "amd64"],
    ["Os", "linux"],
    ["Size", image.size],
    ["VirtualSize", image.size],
    ["RootFS", GoStruct.of("types.RootFS", { Type: "layers", Layers: [`sha256:${image.digest}`] })],
    ["Metadata", GoStruct.of("types.ImageMetadata", { LastTagTime: GoTime.zero })],
  ];
  return new GoStruct(
    "types.ImageInspect",
    fields.map(([name, value, json = name]) => ({ name, value, json })),
  );
}

function imageConfig(image: Image): GoStruct {
  return GoStruct.of(
    "container.Config",
    {
      Hostname: "",
      Domainname: "",
      User: "",
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
      Cmd: [...image.command],
      Image: "",
      Volumes: GoNil.map,
      WorkingDir: image.workingDirectory,
      Entrypoint: image.entrypoint === null ? GoNil.slice : [...image.entrypoint],
      OnBuild: GoNil.slice,
      Labels: image.labels.size === 0 ? GoNil.map : new GoMap(image.labels, "string"),
      ...(image.stopSignal === null ? {} : { StopSignal: image.stopSignal }),
    },
    true,
  );
}
