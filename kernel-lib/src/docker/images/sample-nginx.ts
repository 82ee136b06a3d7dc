import { DEFAULT_CONFIG } from "../../apps/nginx/image-files.js";
import type { Image } from "./image.js";
import { nginx } from "./nginx.js";

/** A page that names its host, by nginx's server side includes: seed 003's service. */
export const sampleNginx: Image = {
  ...nginx,
  name: "zembutsu/docker-sample-nginx",
  tag: "1.0",
  id: "5d8e0b7c2f914a63d0e9c18b5f7a2364e1d09b8c7a6f54e3b2c1d0f98e7a6b5c",
  digest: "c2b1a0f9e8d7c6b5a4938271605f4e3d2c1b0a9f8e7d6c5b4a39281706f5e4d3",
  ageSeconds: 47304000,
  files: {
    ...nginx.files,
    "/etc/nginx/conf.d/default.conf": DEFAULT_CONFIG.replace(
      "\n    location / {",
      "\n    ssi on;\n\n    location / {",
    ),
    "/usr/share/nginx/html/index.html": `<html>
<body>
        <h1>Host: <!--#echo var="HOSTNAME" --></h1>
</body>
</html>
`,
  },
};
