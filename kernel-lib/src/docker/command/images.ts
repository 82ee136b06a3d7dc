import { LAB_EPOCH_SECONDS } from "../../trace/world.js";
import { DockerError } from "../docker-error.js";
import type { Engine } from "../engine.js";
import { humanDuration, humanSize, timeString } from "../go/time.js";
import { shortId } from "../ids.js";
import type { Image } from "../images/image.js";
import { NO_NAME } from "../images/image-store.js";
import { imageCreated } from "../images/inspect.js";
import { parseReference } from "../reference.js";
import { type Columns, formatRows, tableShape } from "./format.js";
import { filtersOf } from "./ps.js";
import { ClientError, type Subcommand } from "./subcommand.js";
import { IMAGES, PULL } from "./usage/image.js";

interface Row {
  readonly image: Image;
  readonly cut: boolean;
  readonly nowSeconds: number;
}

const COLUMNS: Columns<Row> = {
  type: "*formatter.imageContext",
  fields: {
    Repository: { heading: "REPOSITORY", value: ({ image }) => image.name },
    Tag: { heading: "TAG", value: ({ image }) => image.tag },
    Digest: { heading: "DIGEST", value: ({ image }) => (image.local ? "<none>" : `sha256:${image.digest}`) },
    ID: { heading: "IMAGE ID", value: ({ image, cut }) => (cut ? shortId(image.id) : `sha256:${image.id}`) },
    CreatedSince: {
      heading: "CREATED",
      value: ({ image, nowSeconds }) =>
        `${humanDuration((nowSeconds - imageCreated(image).seconds) * 1e9)} ago`,
    },
    CreatedAt: { heading: "CREATED AT", value: ({ image }) => timeString(imageCreated(image)) },
    Size: { heading: "SIZE", value: ({ image }) => humanSize(image.size) },
    Containers: { heading: "CONTAINERS", value: () => "N/A" },
    SharedSize: { heading: "SHARED SIZE", value: () => "N/A" },
    UniqueSize: { heading: "UNIQUE SIZE", value: () => "N/A" },
    VirtualSize: { heading: "VIRTUAL SIZE", value: ({ image }) => humanSize(image.size) },
  },
};

/** `docker images`. */
export const images: Subcommand = {
  names: ["images", "image ls", "image list"],
  help: IMAGES,
  minimum: 0,
  maximum: 1,
  run(call) {
    const { flags, engine, words } = call;
    filtersOf(call, ["reference", "dangling", "label", "before", "since"]);
    if (flags.has("filter")) throw new ClientError("docker images: option --filter is not supported here");
    const wanted = words[0];
    const nowSeconds = LAB_EPOCH_SECONDS + engine.host.world.scheduler.now / 1e9;
    const rows = engine.images
      .list()
      .filter((image) => flags.bool("all") || !isIntermediate(engine, image))
      .filter(
        (image) => wanted === undefined || image.name === wanted || `${image.name}:${image.tag}` === wanted,
      )
      .map((image): Row => ({ image, cut: !flags.bool("no-trunc"), nowSeconds }));
    const digest = flags.bool("digests") ? "\t{{.Digest}}" : "";
    const standard = flags.bool("quiet")
      ? "{{.ID}}"
      : `table {{.Repository}}\t{{.Tag}}${digest}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}`;
    const given = flags.value("format") ?? "";
    call.stdout.write(
      formatRows(
        given === "" || given === "table" || flags.bool("quiet") ? standard : given,
        COLUMNS,
        rows,
        tableShape(engine.version),
      ),
    );
    return 0;
  },
};

/** A step of a build on which other steps stand. */
function isIntermediate({ images }: Engine, { id, name }: Image): boolean {
  return name === NO_NAME && images.children(id).length > 0;
}

/** `docker pull`: the known images are there and up to date; no registry is reached. */
export const pull: Subcommand = {
  names: ["pull", "image pull"],
  help: PULL,
  minimum: 1,
  maximum: 1,
  *run(call) {
    const { engine, words, stdout } = call;
    const { name, tag } = reference(words[0]!);
    if (!words[0]!.includes(":") && !call.flags.bool("quiet")) stdout.write("Using default tag: latest\n");
    yield* engine.work(900);
    const image = engine.images
      .list()
      .find((candidate) => candidate.name === name && candidate.tag === tag && !candidate.local);
    if (image === undefined)
      throw new DockerError(
        `pull access denied for ${name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
        "notFound",
      );
    const full = `docker.io/${name.includes("/") ? name : `library/${name}`}:${tag}`;
    const path = name.includes("/") ? name : `library/${name}`;
    if (!call.flags.bool("quiet"))
      stdout.write(
        `${tag}: Pulling from ${path}\nDigest: sha256:${image.digest}\nStatus: Image is up to date for ${name}:${tag}\n`,
      );
    stdout.write(`${full}\n`);
    return 0;
  },
};

function reference(text: string): { name: string; tag: string } {
  try {
    return parseReference(text);
  } catch (error) {
    throw error instanceof DockerError ? new ClientError(error.message) : error;
  }
}
