/** What the page asks of the worker. */
export interface RunRequest {
  readonly kind: "run";
  /** The page's number for this run. */
  readonly serial: number;
  readonly source: string;
}

/** A part of the library that the worker asked for: its script, or why there is none. */
export type PartReply = { readonly kind: "part"; readonly name: string } & (
  | { readonly script: Blob }
  | { readonly error: string }
);

export type ToWorker = RunRequest | PartReply;

/** What the worker tells: that it is ready, a part of the library that it needs, one of Jupyter's messages of a run, and the end of a run. */
export type FromWorker =
  | { readonly kind: "ready" }
  | { readonly kind: "needs"; readonly name: string }
  | {
      readonly kind: "publish";
      readonly serial: number;
      readonly type: string;
      readonly content: Record<string, unknown>;
    }
  | { readonly kind: "done"; readonly serial: number; readonly ok: boolean; readonly count: number };
