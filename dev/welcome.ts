import type { Config } from '#src/config/load-config.ts';

interface Stores {
  /** Stores that the settings name. */
  readonly own: readonly string[];
  /** User that runs PostgreSQL if this process is root. */
  readonly postgresUser: string | undefined;
}

/** Returns the text that `npm start` prints when everything runs. */
export function welcome({ port, environment }: Config, { own, postgresUser }: Stores): string {
  const url = `http://localhost:${port}`;
  const data =
    own.length === 0
      ? 'its data is kept in .data.'
      : `it runs in ${environment} mode on your own ${own.join(' and ')}.`;
  const note = postgresUser
    ? `\n  PostgreSQL refuses to run as root: here it runs as the user "${postgresUser}".\n`
    : '';
  return `
Gatehouse is running. Ctrl-C ends it; ${data}
${note}
  Overview            ${url}/
  Demo                ${url}/demo
  GraphQL, GraphiQL   ${url}/graphql
  REST, Swagger UI    ${url}/api/docs/
  Inbox               ${url}/inbox
  Public keys         ${url}/.well-known/jwks.json
  Health, readiness   ${url}/healthz  ${url}/readyz

Try this first in GraphiQL, then read the code in the inbox:

    mutation { requestOtp(input: { email: "grace@example.com" }) { detail challengeId } }
`;
}
