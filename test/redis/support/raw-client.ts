import { connect, type Socket } from "node:net";
import { replyEnd } from "./reply-text.js";

/** A client that shows answers as they come over the wire. */
export class RawClient {
  private text = "";
  private readonly waiting: { resolve(reply: string): void; reject(error: Error): void }[] = [];

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("latin1");
    socket.on("data", (piece: string) => {
      this.text += piece;
      this.deliver();
    });
    socket.on("close", () => {
      for (const { reject } of this.waiting) reject(new Error("the server has closed the connection"));
    });
  }

  static async open(port: number, version: 2 | 3): Promise<RawClient> {
    const socket = connect(port, "127.0.0.1");
    await new Promise((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    const client = new RawClient(socket);
    if (version === 3) await client.send(["HELLO", "3"]);
    return client;
  }

  send(args: readonly string[]): Promise<string> {
    const words = args.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join("");
    this.socket.write(`*${args.length}\r\n${words}`, "latin1");
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  close(): void {
    this.socket.destroy();
  }

  private deliver(): void {
    while (this.waiting.length > 0 && this.text !== "") {
      const end = replyEnd(this.text, 0);
      if (end === null) return;
      this.waiting.shift()!.resolve(this.text.slice(0, end));
      this.text = this.text.slice(end);
    }
  }
}
