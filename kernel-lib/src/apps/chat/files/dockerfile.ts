export const DOCKERFILE = `FROM node:24-alpine
WORKDIR /app
COPY package.json ./
RUN npm install
COPY *.ts page.* ./
ENV PORT=5000 REDIS_URL=redis://172.18.0.100:6379
EXPOSE 5000
CMD ["node", "server.ts"]
`;
