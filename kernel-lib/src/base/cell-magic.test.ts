import { describe, expect, it } from "vitest";
import { isShellCell, plainCell } from "./cell-magic.js";

const ROWS: readonly (readonly [source: string, plain: string, shell: boolean])[] = [
  ["lab.now", "lab.now", false],
  ["%%sh docker01\nip addr | grep x", 'await lab.shellCell("docker01", "ip addr | grep x");', true],
  ['%%sh  mesh.host-a \necho "a"\n', 'await mesh.shellCell("host-a", "echo \\"a\\"\\n");', true],
  ["%%sh docker01", 'await lab.shellCell("docker01", "");', true],
  ["%%sh docker01\r\nls", 'await lab.shellCell("docker01", "ls");', true],
  [
    "%%trace client\ncurl -s 192.168.56.101",
    'await lab.trace(() => lab.shellCell("client", "curl -s 192.168.56.101", { show: true }));',
    true,
  ],
  ["%%trace\nclient.get(url)", "await lab.trace(async () => {\nclient.get(url)\n});", false],
];

const WRONG: readonly (readonly [source: string, says: string])[] = [
  ["%%bash\nls", "%%bash is not known here"],
  ["%%sh\nls", "%%sh : this is no machine"],
  ["%%sh a b\nls", "%%sh a b: this is no machine"],
  ["%%sh docker01;alert(1)\nls", "this is no machine"],
  ["%% sh docker01", "is not known here"],
];

describe("a cell's first line", () => {
  it.each(ROWS)("%j", (source, plain, shell) => {
    expect(plainCell(source)).toBe(plain);
    expect(isShellCell(source)).toBe(shell);
  });

  it.each(WRONG)("%j is refused", (source, says) => {
    expect(() => plainCell(source)).toThrow(says);
    expect(isShellCell(source)).toBe(false);
  });
});
