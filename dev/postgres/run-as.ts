import { readFileSync } from 'node:fs';
import { runCommand } from '../run-command.ts';

/** A user of this machine other than root. */
export type OrdinaryUser = ReturnType<typeof ordinaryUsers>[number];

/** How to start a program: words before it, and the user that spawn switches to. */
export interface RunAs {
  readonly prefix: readonly string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

/** Returns `postgres` and `nobody`, if they exist and this process is root. */
export function ordinaryUsers() {
  if (process.getuid?.() !== 0) return [];
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return ['postgres', 'nobody']
    .map((wanted) => lines.find((line) => line.startsWith(`${wanted}:`))?.split(':') ?? [])
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid }) => uid > 0);
}

/**
 * Finds a way to run programs as `user`. For a user who cannot pass the directories above (a
 * checkout under /root), setpriv grants one capability, the weakest that suffices.
 */
export async function chooseRunAs(
  user: OrdinaryUser | undefined,
  works: (runAs: RunAs) => Promise<boolean>,
): Promise<RunAs> {
  if (!user) return { prefix: [], ids: {} };
  const { name, uid, gid } = user;
  const capabilities = ['dac_read_search', 'dac_override'];
  const ways = [
    { prefix: [], ids: { uid, gid } },
    ...capabilities.map((capability) => ({ prefix: setpriv(user, capability), ids: {} })),
  ];
  for (const runAs of ways) if (await works(runAs)) return runAs;
  const hasSetpriv = (await runCommand('setpriv', ['--version'])).succeeded;
  const cure = hasSetpriv ? '' : 'install util-linux (for setpriv), ';
  throw new Error(
    `PostgreSQL cannot run as root, and the user ${name} cannot access this checkout or its ` +
      `data: ${cure}move the checkout out of /root, start as an ordinary user, or set DATABASE_URL`,
  );
}

function setpriv({ uid, gid }: OrdinaryUser, capability: string): string[] {
  const only = `-all,+${capability}`;
  const flags = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'];
  // Ambient capabilities survive execve. Without the secure bit, access(2), which PostgreSQL calls,
  // would ignore the capability.
  flags.push('--securebits=+no_setuid_fixup');
  flags.push(`--inh-caps=${only}`, `--ambient-caps=${only}`, `--bounding-set=${only}`);
  return ['setpriv', ...flags];
}
