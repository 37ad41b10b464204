import type { Config } from '#src/config/load-config.ts';

type Settings = Pick<Config, 'environment' | 'port'>;

/** Returns the text for a running service. `own` are the stores that the settings name. */
export function welcome({ environment, port }: Settings, own: string[], user?: string): string {
  const url = `http://localhost:${port}`;
  const mode = `It runs in ${environment} mode and uses your ${own.join(' and ')}`;
  const note = `\n  PostgreSQL cannot run as root, so it runs as the user "${user}".\n`;
  return `
Gatehouse is running. Press Ctrl-C to stop. ${own.length > 0 ? mode : 'Data is stored in .data'}.
${user ? note : ''}
  Overview            ${url}/
  Demo                ${url}/demo
  GraphQL, GraphiQL   ${url}/graphql
  REST, Swagger UI    ${url}/api/docs/
  Inbox               ${url}/inbox
  Public keys         ${url}/.well-known/jwks.json
  Health, readiness   ${url}/healthz  ${url}/readyz

Try this mutation in GraphiQL, then read the code in the inbox:

    mutation { requestOtp(input: { email: "grace@example.com" }) { detail challengeId } }
`;
}

/** Names the parts that are not ready. Their log lines give the reasons. */
export async function sayReadiness(port: number, say: (line: string) => void): Promise<void> {
  const response = await fetch(`http://localhost:${port}/readyz`).catch(() => undefined);
  if (response?.status !== 503) return;
  const { parts } = (await response.json()) as { parts: Record<string, { status: string }> };
  for (const [name, { status }] of Object.entries(parts)) {
    if (status === 'unavailable')
      say(`Not ready: ${name} is unavailable. The log lines above show the reason.`);
  }
}
