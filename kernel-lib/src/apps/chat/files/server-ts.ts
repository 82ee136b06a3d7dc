export const SERVER_TS = `import { hostname } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Hub } from "./hub.ts";
import { serveSockets } from "./sockets.ts";
import { serveWeb } from "./web.ts";

const port = Number(process.env.PORT ?? 5000);
const host = process.env.CHAT_HOST ?? hostname();
const hub = new Hub(process.env.REDIS_URL ?? "redis://127.0.0.1:6379", host);
const server = serveWeb(hub, dirname(fileURLToPath(import.meta.url)));
const sockets = serveSockets(server, hub);

server.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
server.listen(port, process.env.BIND, () => console.log(\`\${host} listens on port \${port}\`));

// A container's first process has no default for these: without a handler \`docker stop\` would wait ten seconds and kill.
for (const signal of ["SIGTERM", "SIGINT"])
  process.on(signal, () => {
    hub.close();
    for (const socket of sockets.clients) socket.close(1001);
    server.close(() => process.exit(0));
    server.closeAllConnections();
    setTimeout(() => process.exit(0), 1000);
  });
`;
