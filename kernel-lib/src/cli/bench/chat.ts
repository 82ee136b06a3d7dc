import { performance } from "node:perf_hooks";
import { measureChat } from "./benches.js";
import { type BenchFigure, median } from "./figure.js";

const RUNS = 3;

/** Messages from a user of chat-a on one host to a user of chat-b on the other, over the Redis of the first and through the tunnel: real time, and the lab's. */
export async function chatFigures(): Promise<BenchFigure[]> {
  const paces: number[] = [];
  let latencies: readonly number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const result = await measureChat(() => performance.now());
    paces.push((result.messages / result.wallMs) * 1e3);
    latencies = result.latencies;
  }
  const chat = "chat, user to user on two hosts:";
  const milliseconds = (time: number) => Math.round(time / 1e3) / 1e3;
  return [
    { name: `${chat} messages`, value: Math.round(median(paces)), unit: "a second" },
    { name: `${chat} modelled latency (median)`, value: milliseconds(median(latencies)), unit: "ms" },
    { name: `${chat} modelled latency (longest)`, value: milliseconds(latencies.at(-1)!), unit: "ms" },
  ];
}
