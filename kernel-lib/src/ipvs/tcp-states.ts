import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from "../wire/tcp.js";

/** States of a balanced TCP connection (IP_VS_TCP_S_*), in the kernel's numbers; names as listings have them. */
export const TCP_STATE_NAMES = [
  "NONE",
  "ESTABLISHED",
  "SYN_SENT",
  "SYN_RECV",
  "FIN_WAIT",
  "TIME_WAIT",
  "CLOSE",
  "CLOSE_WAIT",
  "LAST_ACK",
  "LISTEN",
  "SYNACK",
] as const;

/** The same, short, for the tables below. */
export const TCP_ESTABLISHED = 1;
const ES = TCP_ESTABLISHED;
const SS = 2;
const SR = 3;
export const TCP_FIN_WAIT = 4;
const FW = TCP_FIN_WAIT;
export const TCP_TIME_WAIT = 5;
const TW = TCP_TIME_WAIT;
const CL = 6;
const CW = 7;
const LA = 8;
const LI = 9;
const SA = 10;

/** Lifetime in each state, in seconds (tcp_timeouts). */
export const TCP_TIMEOUTS = [2, 900, 120, 60, 120, 120, 10, 60, 30, 120, 120] as const;

/** States in which a connection counts as active (tcp_state_active_table). */
const ACTIVE: ReadonlySet<number> = new Set([ES, SS, SR, SA]);

export function isActiveState(state: number): boolean {
  return ACTIVE.has(state);
}

/** What is seen: packets of the client, of the server, or of the client where the server's go another way. */
export type Seen = "input" | "output" | "input only";

/** The next state by what is seen, by flag (SYN, FIN, ACK, RST), by state (tcp_states). */
const NEXT: Readonly<Record<Seen, readonly (readonly number[])[]>> = {
  //       NO  ES  SS  SR  FW  TW  CL  CW  LA  LI  SA
  input: [
    [SR, ES, ES, SR, SR, SR, SR, SR, SR, SR, SR],
    [CL, CW, SS, TW, TW, TW, CL, CW, LA, LI, TW],
    [ES, ES, SS, ES, FW, TW, CL, CW, CL, LI, ES],
    [CL, CL, CL, SR, CL, CL, CL, CL, LA, LI, SR],
  ],
  output: [
    [SS, ES, SS, SR, SS, SS, SS, SS, SS, LI, SR],
    [TW, FW, SS, TW, FW, TW, CL, TW, LA, LI, TW],
    [ES, ES, SS, ES, FW, TW, CL, CW, LA, ES, ES],
    [CL, CL, SS, CL, CL, TW, CL, CL, CL, CL, CL],
  ],
  "input only": [
    [SR, ES, ES, SR, SR, SR, SR, SR, SR, SR, SR],
    [CL, FW, SS, TW, FW, TW, CL, CW, LA, LI, TW],
    [ES, ES, SS, ES, FW, TW, CL, CW, CL, LI, ES],
    [CL, CL, CL, SR, CL, CL, CL, CL, LA, LI, CL],
  ],
};

/** The state after a segment with these flags; a segment without any of the four closes. */
export function nextTcpState(state: number, flags: number, seen: Seen): number {
  const row =
    (flags & TCP_RST) !== 0
      ? 3
      : (flags & TCP_SYN) !== 0
        ? 0
        : (flags & TCP_FIN) !== 0
          ? 1
          : (flags & TCP_ACK) !== 0
            ? 2
            : -1;
  return row < 0 ? CL : NEXT[seen][row]![state]!;
}
