export const DOCKERIGNORE = `node_modules
Dockerfile
.dockerignore
`;
