# One image for all commands of `bin/gatehouse`; without one it runs the server. There is no build
# step: Node runs the TypeScript sources.
# Outside Compose run it with `--init`: as process 1, Node ignores signals while it starts.
FROM node:26.13.1-trixie-slim

ENV NODE_ENV=production
ENV NODE_COMPILE_CACHE=/tmp/compile-cache
WORKDIR /app

COPY package.json package-lock.json .npmrc ./
COPY vendor vendor
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev

COPY bin bin
COPY src src
COPY worker worker
USER node

# Loads every module once, except the one that runs a command: checks that the image is complete, and fills the compile
# cache, which is valid for the same flags of V8 as in bin/gatehouse only.
RUN ["node", "--expose-gc", "--input-type=module", "--eval", "import { globSync } from 'node:fs'; for (const file of globSync('{src,worker}/**/*.ts', { exclude: ['**/*.d.ts', 'src/cli/main.ts'] })) await import('./' + file)"]

EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --start-interval=1s \
  CMD ["node", "--input-type=module", "--eval", "const { ok } = await fetch('http://127.0.0.1:' + (process.env.PORT || 8000) + '/healthz'); process.exit(ok ? 0 : 1)"]
CMD ["bin/gatehouse", "server"]
