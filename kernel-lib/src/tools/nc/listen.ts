import { formatIpv4, type Ipv4 } from "../../base/addresses.js";
import { KernelError } from "../../base/errno.js";
import type { Process, Steps } from "../../host/process.js";
import { untilOutsider } from "../../host/waits.js";
import type { TcpSocket } from "../../socket/tcp/tcp-socket.js";
import { nameOfAddress } from "../hosts-file.js";
import { openSocket, socketOwner } from "../net/stream.js";
import { ToolExit } from "../tool-exit.js";
import { addressesOf } from "./connect.js";
import type { NcOptions } from "./options.js";
import { relay } from "./relay.js";
import { tcpStream, udpStream } from "./streams.js";

/** The server of `nc -l`: one connection, or with -k one after the other. */
export function* runServer(process: Process, options: NcOptions): Steps<number> {
  const port = options.ports[0]!;
  const address = options.host === "" ? 0 : (yield* addressesOf(process, options, options.host, port))[0]!;
  return options.udp
    ? yield* serveUdp(process, options, address, port)
    : yield* serveTcp(process, options, address, port);
}

/** netcat asks for names where it can; one that nobody knows stays an address. */
function shown(process: Process, options: NcOptions, address: Ipv4): string {
  return options.numeric ? formatIpv4(address) : nameOfAddress(process, address);
}

function say(process: Process, options: NcOptions, what: string, address: Ipv4, port: number): void {
  if (options.verbose) process.stderr.write(`${what} ${shown(process, options, address)} ${port}\n`);
}

function taken(bind: () => void): void {
  try {
    bind();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new ToolExit(1, `nc: ${error.message}\n`);
  }
}

function* serveTcp(process: Process, options: NcOptions, address: Ipv4, port: number): Steps<number> {
  const listener = openSocket(process);
  try {
    listener.options.reuseAddress = true;
    taken(() => {
      listener.bind(address, port);
      listener.listen(1);
    });
    say(process, options, "Listening on", address, port);
    do {
      const socket = yield* accepted(listener);
      try {
        if (!options.keep) listener.close();
        say(process, options, "Connection received on", socket.remote.address, socket.remote.port);
        yield* relay(process, options, tcpStream(socket), "outsider");
      } finally {
        socket.close();
      }
    } while (options.keep);
    return 0;
  } finally {
    listener.close();
  }
}

function* accepted(listener: TcpSocket): Steps<TcpSocket> {
  for (;;) {
    const socket = listener.accept();
    if (socket !== null) return socket;
    yield* untilOutsider([listener.wait]);
  }
}

/** Takes the first sender as its peer; with -k everybody's datagrams, and answers nobody. */
function* serveUdp(process: Process, options: NcOptions, address: Ipv4, port: number): Steps<number> {
  const socket = process.netns.udp.socket();
  socket.owner = "nc";
  socket.holder = socketOwner(process);
  try {
    taken(() => socket.bind(address, port));
    say(process, options, "Bound on", address, port);
    const decoder = new TextDecoder();
    for (;;) {
      const first = socket.receive();
      if (first === null) {
        yield* untilOutsider([socket.wait]);
        continue;
      }
      process.stdout.write(decoder.decode(first.bytes));
      if (options.keep) continue;
      socket.connect(first.source, first.sourcePort);
      say(process, options, "Connection received on", first.source, first.sourcePort);
      yield* relay(process, options, udpStream(socket), "outsider");
      return 0;
    }
  } finally {
    socket.close();
  }
}
