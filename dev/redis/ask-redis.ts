import { connect } from 'node:net';

/** What a Redis lets be known over a plain socket. */
export type RedisAnswer = 'ready' | 'loading' | 'stranger' | 'silent';

/**
 * Asks once whether the Redis on a port of 127.0.0.1 is this very process and serves this password.
 * @returns `stranger` when another server has the port, `silent` when nobody answers within a second,
 * `loading` while it reads its data.
 */
export function askRedis(port: number, pid: number, password: string): Promise<RedisAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let heard = '';
    const settle = (answer: RedisAnswer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1_000, () => settle('silent'));
    socket.on('error', () => settle('silent'));
    socket.on('close', () => settle('silent'));
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      const answer = judge(heard, pid);
      if (answer) settle(answer);
    });
    socket.write(command('AUTH', password) + command('INFO', 'server') + command('PING'));
  });
}

function judge(heard: string, pid: number): RedisAnswer | undefined {
  if (heard.includes('-LOADING')) return 'loading';
  if (heard.startsWith('-')) return 'stranger';
  if (!heard.includes('+PONG')) return undefined;
  return heard.includes(`\nprocess_id:${pid}\r`) ? 'ready' : 'stranger';
}

function command(...words: string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}
