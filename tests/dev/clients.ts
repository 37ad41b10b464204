import { connect } from 'node:net';
import { MikroORM } from '@mikro-orm/postgresql';

/** Runs statements on a PostgreSQL and gives the rows of the last one. */
export async function query(url: string, ...statements: string[]): Promise<unknown[]> {
  const orm = await MikroORM.init({
    clientUrl: url,
    entities: [],
    discovery: { warnWhenNoEntities: false },
  });
  try {
    let rows: unknown[] = [];
    for (const statement of statements) rows = await orm.em.getConnection().execute(statement);
    return rows;
  } finally {
    await orm.close(true);
  }
}

/** Sends inline commands to a Redis, after AUTH, and gives all it said. */
export function redisSays(url: string, ...commands: string[]): Promise<string> {
  const { port, password } = new URL(url);
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect({ host: '127.0.0.1', port: Number(port) });
    socket.on('data', (chunk) => {
      heard += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
    socket.write([`AUTH "${decodeURIComponent(password)}"`, ...commands, 'QUIT', ''].join('\r\n'));
  });
}
