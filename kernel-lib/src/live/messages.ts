/** What the page asks of the worker. */
export interface RunRequest {
  readonly kind: "run";
  /** The page's number for this run. */
  readonly serial: number;
  readonly source: string;
}

/** What the worker tells: that it is ready, one of Jupyter's messages of a run, and the end of a run. */
export type FromWorker =
  | { readonly kind: "ready" }
  | {
      readonly kind: "publish";
      readonly serial: number;
      readonly type: string;
      readonly content: Record<string, unknown>;
    }
  | { readonly kind: "done"; readonly serial: number; readonly ok: boolean; readonly count: number };
