export const PACKAGE_JSON = `{
  "name": "chat-app",
  "version": "1.0.0",
  "private": true,
  "type": "module",
  "scripts": {
    "start": "node server.ts"
  },
  "dependencies": {
    "ioredis": "6.0.0",
    "ws": "8.23.0"
  }
}
`;
