import { formatIpv4, type Ipv4, type Mac } from "../../base/addresses.js";
import type { Process, Steps } from "../../host/process.js";
import type { Device } from "../../link/device.js";
import { type ArpAnswer, type ArpingOptions, ArpingSession } from "./session.js";
import { probeSource, readSource } from "./source.js";

/** The words in which the two forms differ. */
export interface ArpingWords {
  /** The complaint about a `-s` that is no address. */
  readonly invalidSource: string;
  answer(answer: ArpAnswer, source: Ipv4, own: Mac): string;
  closing(session: ArpingSession): string;
}

/** Asks and prints. Gives what was sent and received, for the exit status. */
export function* runArping(
  process: Process,
  device: Device,
  target: Ipv4,
  line: ArpingOptions & { readonly source: string | null },
  words: ArpingWords,
): Steps<ArpingSession> {
  const source = probeSource(process, device, target, line, readSource(line.source, words.invalidSource));
  const print = (text: string) => {
    if (!line.quiet) process.stdout.write(text);
  };
  print(`ARPING ${formatIpv4(target)} from ${formatIpv4(source)} ${device.name}\n`);
  const session = new ArpingSession(process, device, source, target, line, (answer) =>
    print(words.answer(answer, source, device.mac)),
  );
  yield* session.run();
  print(words.closing(session));
  return session;
}
