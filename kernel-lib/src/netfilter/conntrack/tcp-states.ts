export const TCP_NONE = 0;
export const TCP_SYN_SENT = 1;
export const TCP_SYN_RECV = 2;
export const TCP_ESTABLISHED = 3;
export const TCP_FIN_WAIT = 4;
export const TCP_CLOSE_WAIT = 5;
export const TCP_LAST_ACK = 6;
export const TCP_TIME_WAIT = 7;
export const TCP_CLOSE = 8;
export const TCP_SYN_SENT2 = 9;
/** Not a state: the packet is invalid here. */
export const TCP_INVALID = 10;
/** Not a state: the packet passes and changes nothing. */
export const TCP_IGNORE = 11;

/** As `conntrack -L` names them. */
export const TCP_STATE_NAMES: readonly string[] = [
  "NONE",
  "SYN_SENT",
  "SYN_RECV",
  "ESTABLISHED",
  "FIN_WAIT",
  "CLOSE_WAIT",
  "LAST_ACK",
  "TIME_WAIT",
  "CLOSE",
  "SYN_SENT2",
];

/** Default lifetime in each state, in seconds (nf_conntrack_tcp_timeout_*). */
export const TCP_TIMEOUTS: readonly number[] = [120, 120, 60, 432_000, 120, 60, 30, 120, 10, 120];

/** What a segment's flags mean to the state machine (get_conntrack_index). */
export const SYN_SET = 0;
export const SYNACK_SET = 1;
export const FIN_SET = 2;
export const ACK_SET = 3;
export const RST_SET = 4;
export const NO_SET = 5;

const [NO, SS, SR, ES, FW, CW, LA, TW, CL, S2, IV, IG] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/** tcp_conntracks of nf_conntrack_proto_tcp.c: [direction][flags][old state]; columns NONE SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT CLOSE_WAIT LAST_ACK TIME_WAIT CLOSE SYN_SENT2. */
export const TCP_TRANSITIONS: readonly (readonly (readonly number[])[])[] = [
  [
    [SS, SS, IG, IG, IG, IG, IG, SS, SS, S2],
    [IV, IV, SR, IV, IV, IV, IV, IV, IV, SR],
    [IV, IV, FW, FW, LA, LA, LA, TW, CL, IV],
    [ES, IV, ES, ES, CW, CW, TW, TW, CL, IV],
    [IV, CL, CL, CL, CL, CL, CL, CL, CL, CL],
    [IV, IV, IV, IV, IV, IV, IV, IV, IV, IV],
  ],
  [
    [IV, S2, IV, IV, IV, IV, IV, SS, IV, S2],
    [IV, SR, IG, IG, IG, IG, IG, IG, IG, SR],
    [IV, IV, FW, FW, LA, LA, LA, TW, CL, IV],
    [IV, IG, SR, ES, CW, CW, TW, TW, CL, IG],
    [IV, CL, CL, CL, CL, CL, CL, CL, CL, CL],
    [IV, IV, IV, IV, IV, IV, IV, IV, IV, IV],
  ],
].map((direction) => direction.map((row) => row.map((state) => state ?? NO!)));

/** The row of a segment: SYN before FIN before ACK, RST before all. */
export function flagsIndex(flags: number): number {
  if ((flags & 0x04) !== 0) return RST_SET;
  if ((flags & 0x02) !== 0) return (flags & 0x10) !== 0 ? SYNACK_SET : SYN_SET;
  if ((flags & 0x01) !== 0) return FIN_SET;
  return (flags & 0x10) !== 0 ? ACK_SET : NO_SET;
}
