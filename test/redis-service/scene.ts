import { Lab } from "../../kernel-lib/src/index.js";

/** A Docker host with a Redis in a container named redis, 172.17.0.2. */
export async function redisLab(options: string = "") {
  const lab = Lab.preset("single", { docker: "20.10", seed: 7 });
  const run = async (line: string) => {
    const { status, text, stderr } = await lab.machines.docker01.script(line);
    return { status, text, stderr };
  };
  const start = () => run(`docker run -d --name redis -p 6379:6379 redis ${options}`);
  return { lab, run, start, cli: (words: string) => run(`docker exec redis redis-cli ${words}`) };
}
