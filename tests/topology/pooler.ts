import { join } from 'node:path';
import { freePort } from '#dev/free-port.ts';
import { answersTcp } from './answers-tcp.ts';
import { configurationFile, Daemon, directoryOf } from './daemon.ts';
import { programs } from './debian-packages.ts';
import { password } from './patroni.ts';

/** Clients that the poolers let in. */
const users = ['gatehouse', 'postgres'];

export interface Pooler extends Daemon {
  readonly port: number;
}

/**
 * Starts a PgBouncer with transaction pooling in front of a port that leads to the primary. After a
 * failed connection it waits a second, not 15, before the next one.
 */
export async function startPooler(
  directory: string,
  name: string,
  primaryPort: number,
): Promise<Pooler> {
  const home = directoryOf(directory, name);
  const port = await freePort();
  const usersFile = configurationFile(
    join(home, 'users'),
    users.map((user) => `"${user}" "${password}"\n`).join(''),
  );
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${primaryPort}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${usersFile}`,
    'pool_mode = transaction',
    'default_pool_size = 30',
    'max_client_conn = 300',
    'server_login_retry = 1',
    'server_connect_timeout = 2',
  ];
  const file = configurationFile(join(home, 'pgbouncer.ini'), `${lines.join('\n')}\n`);
  const pooler = new Daemon({
    name,
    directory,
    command: [programs.pgbouncer, file],
    isReady: () => answersTcp(port),
  });
  await pooler.restart();
  return Object.assign(pooler, { port });
}
