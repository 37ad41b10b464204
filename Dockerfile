# One image for all commands of `bin/gatehouse`; without one it runs the server.
# Outside Compose run it with `--init`: as process 1, Node ignores signals while it starts.
FROM node:26.13.1-trixie-slim AS base
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY vendor vendor

FROM base AS bundle
RUN --mount=type=cache,target=/root/.npm npm ci
COPY bin bin
COPY src src
COPY worker worker
RUN ["sh", "bin/run", "node", "bin/bundle.ts"]

FROM base
ENV NODE_ENV=production
ENV NODE_COMPILE_CACHE=/tmp/compile-cache
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev
COPY bin bin
COPY src src
COPY worker worker
COPY --from=bundle /app/dist dist
# bin/gatehouse runs no bundle that is older than an installed package, and the stages are built in any order.
RUN ["touch", "dist/main.js"]
USER node

# Loads every module once, except the one that runs a command: checks that the image is complete, and fills the compile
# cache, which is valid for the same flags of V8 as in bin/gatehouse only.
RUN ["node", "--expose-gc", "--input-type=module", "--eval", "import { globSync } from 'node:fs'; for (const file of globSync('dist/*.js', { exclude: ['dist/main.js'] })) await import('./' + file)"]

EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --start-interval=1s \
  CMD ["node", "--input-type=module", "--eval", "const { ok } = await fetch('http://127.0.0.1:' + (process.env.PORT || 8000) + '/healthz'); process.exit(ok ? 0 : 1)"]
CMD ["bin/gatehouse", "server"]
