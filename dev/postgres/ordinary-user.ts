import { readFileSync } from 'node:fs';
import { runCommand } from '../run-command.ts';

/** An existing user of this machine that is not root. */
export interface OrdinaryUser {
  name: string;
  uid: number;
  gid: number;
}

/** Turns a command into what starts it under the chosen user; see {@link chooseLauncher}. */
export type Launcher = (
  command: string,
  args: string[],
) => { command: string; args: string[]; uid?: number; gid?: number };

/**
 * The users that may run PostgreSQL when we are root (it refuses to be root): `postgres`, then
 * `nobody`, as far as they exist. Empty when we are not root. Nothing is added to the system.
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
 * Finds out how `user` can run a command: plainly, or, where it may not pass the directories above
 * (a checkout under /root), through setpriv with one capability, the weakest that is enough.
 * @param probe tries the given launcher on something harmless and tells whether it works.
 * @throws Error, one line, when no way works.
 */
export async function chooseLauncher(
  user: OrdinaryUser | undefined,
  probe: (launcher: Launcher) => Promise<boolean>,
): Promise<Launcher> {
  const plain: Launcher = (command, args) => ({ command, args });
  if (!user) return plain;
  const { uid, gid } = user;
  const asUser: Launcher = (command, args) => ({ command, args, uid, gid });
  for (const launcher of [
    asUser,
    through(user, 'dac_read_search'),
    through(user, 'dac_override'),
  ]) {
    if (await probe(launcher)) return launcher;
  }
  const hasSetpriv = (await runCommand('setpriv', ['--version'])).code === 0;
  const cure = hasSetpriv ? '' : 'install util-linux (setpriv), ';
  throw new Error(
    `PostgreSQL cannot run as root, and the user ${user.name} cannot reach this checkout or its ` +
      `data: ${cure}move it (not under /root), start as an ordinary user, or set DATABASE_URL`,
  );
}

function through({ uid, gid }: OrdinaryUser, capability: string): Launcher {
  const only = `-all,+${capability}`;
  const flags = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--no-new-privs'];
  // Ambient, so that it survives execve; everything else is dropped, also from the bounding set.
  // The secure bit, because PostgreSQL asks access(2) about itself, which otherwise ignores them.
  flags.push('--securebits=+no_setuid_fixup');
  flags.push(`--inh-caps=${only}`, `--ambient-caps=${only}`, `--bounding-set=${only}`);
  return (command, args) => ({ command: 'setpriv', args: [...flags, command, ...args] });
}
