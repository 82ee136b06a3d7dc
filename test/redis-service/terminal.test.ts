import { expect, it } from "vitest";
import { redisLab } from "./scene.js";

it("redis-cli at a terminal shows its database and transaction in the prompt, and gives the terminal back", async () => {
  const { lab } = await redisLab();
  const shell = lab.machines.docker01.shell({ terminal: true });
  let screen = "";
  for (const line of [
    "docker run -d --name redis redis > /dev/null",
    "docker exec -it redis redis-cli",
    "set a 1",
    "select 2",
    "multi",
    "get a",
    "exec",
    "subscribe news",
    "docker exec redis redis-cli publish news hi",
  ]) {
    const { prompt } = shell;
    const { stdout } = await shell.run(line, {});
    screen += `${prompt}${line}\n${stdout}`;
  }
  expect(
    screen.replace(/^\[1\].*\n/m, ""),
  ).toBe(`root@docker01:~# docker run -d --name redis redis > /dev/null
root@docker01:~# docker exec -it redis redis-cli
127.0.0.1:6379> set a 1
OK
127.0.0.1:6379> select 2
OK
127.0.0.1:6379[2]> multi
OK
127.0.0.1:6379[2](TX)> get a
QUEUED
127.0.0.1:6379[2](TX)> exec
1) (nil)
127.0.0.1:6379[2]> subscribe news
Reading messages... (press Ctrl-C to quit)
1) "subscribe"
2) "news"
3) (integer) 1
root@docker01:~# docker exec redis redis-cli publish news hi
1
1) "message"
2) "news"
3) "hi"
`);
});
