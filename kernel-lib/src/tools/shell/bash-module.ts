type BashModule = typeof import("just-bash");

let loading: Promise<BashModule> | null = null;

/** just-bash, loaded when a shell is first needed: most labs in notebooks call typed commands only. */
export function loadBash(): Promise<BashModule> {
  loading ??= import("just-bash");
  return loading;
}

export type { BashModule };
