import { readFileSync } from 'node:fs';
import { runCommand } from '../run-command.ts';

/** A user of this machine other than root. */
export interface OrdinaryUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Returns how to start a command as the chosen user. */
export type RunAs = (
  command: string,
  args: string[],
) => { command: string; args: string[]; ids: { uid?: number; gid?: number } };

/**
 * Returns the users that can run PostgreSQL if this process is root: `postgres`, then `nobody`, if
 * they exist. Empty if this process is not root.
 */
export function ordinaryUsers(): OrdinaryUser[] {
  if (process.getuid?.() !== 0) return [];
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return ['postgres', 'nobody']
    .map((wanted) => lines.find((line) => line.startsWith(`${wanted}:`))?.split(':') ?? [])
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ name, uid }) => name !== '' && uid > 0);
}

/**
 * Finds a way to run a command as `user`. If the user cannot pass the directories above (a checkout
 * under /root), setpriv grants one capability, the weakest that suffices.
 *
 * @param works tries a way on something harmless
 * @throws Error if none works
 */
export async function chooseRunAs(
  user: OrdinaryUser | undefined,
  works: (runAs: RunAs) => Promise<boolean>,
): Promise<RunAs> {
  if (!user) return (command, args) => ({ command, args, ids: {} });
  const { name, uid, gid } = user;
  const plain: RunAs = (command, args) => ({ command, args, ids: { uid, gid } });
  const ways = [
    plain,
    withCapability(user, 'dac_read_search'),
    withCapability(user, 'dac_override'),
  ];
  for (const runAs of ways) if (await works(runAs)) return runAs;
  const hasSetpriv = (await runCommand('setpriv', ['--version'])).succeeded;
  const cure = hasSetpriv ? '' : 'install util-linux (setpriv), ';
  throw new Error(
    `PostgreSQL cannot run as root, and the user ${name} cannot reach this checkout or its ` +
      `data: ${cure}move it (not under /root), start as an ordinary user, or set DATABASE_URL`,
  );
}

function withCapability({ uid, gid }: OrdinaryUser, capability: string): RunAs {
  const only = `-all,+${capability}`;
  const flags = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'];
  // Ambient capabilities survive execve. The secure bit is for PostgreSQL's calls of access(2), which
  // would otherwise ignore the capability.
  flags.push('--securebits=+no_setuid_fixup');
  flags.push(`--inh-caps=${only}`, `--ambient-caps=${only}`, `--bounding-set=${only}`);
  return (command, args) => ({ command: 'setpriv', args: [...flags, command, ...args], ids: {} });
}
