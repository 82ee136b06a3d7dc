/** Cells with a first line `%%…`, and what each shows: the same in the kernel and on a page. */
export interface ShownCell {
  readonly source: string;
  /** Each output as one text: a stream's, a value's plain text, or `ERROR name: message`. */
  readonly shows: readonly string[];
}

export const SHELL_CELLS: readonly ShownCell[] = [
  {
    source: 'import { Lab } from "hopbook";\nconst lab = Lab.preset("single", { docker: "20.10", seed: 7 });',
    shows: [],
  },
  {
    source: "%%sh docker01\nname=web\ndocker network ls | awk '{ print $2 }'",
    shows: ["ID\nbridge\nhost\nnone"],
  },
  {
    source: '%%sh docker01\necho "$name" from `hostname` > /tmp/a; cat /tmp/a',
    shows: ["web from docker01"],
  },
  { source: "%%sh docker01\ntrue", shows: [] },
  {
    source: "%%sh docker01\necho before; ip link show nosuch",
    shows: [
      'before\nDevice "nosuch" does not exist.',
      "ERROR ExitStatus: bash on docker01 ended with exit status 1",
    ],
  },
  { source: "%%sh docker01\nfalse; echo after", shows: ["after"] },
  {
    source: "%%trace client\nping -c 1 192.168.56.101 | head -1",
    shows: ["PING 192.168.56.101 (192.168.56.101) 56(84) bytes of data.", "TRACE"],
  },
  {
    source: '%%trace\nconst { client } = lab.machines;\nclient.ping("192.168.56.101", { count: 1 });',
    shows: ["TRACE"],
  },
  {
    source: "%%bash\nls",
    shows: [
      "ERROR SyntaxError: %%bash is not known here; a cell begins with %%sh MACHINE, %%sh LAB.MACHINE, %%trace MACHINE or %%trace",
    ],
  },
  { source: 'lab.journal.entries.filter(({ kind }) => kind === "sh").length', shows: ["6"] },
];
