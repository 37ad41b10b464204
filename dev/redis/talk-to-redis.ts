import { connect } from 'node:net';

/**
 * Sends AUTH and commands to the Redis on a port of 127.0.0.1.
 * @returns the raw answers; undefined if there is none, empty if the port is open but silent
 */
export function talkToRedis(
  port: number,
  password: string,
  ...commands: string[][]
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    let answer: string | undefined;
    socket.setTimeout(1_000, () => {
      answer ??= '';
      socket.destroy();
    });
    socket.on('data', (chunk) => {
      answer = (answer ?? '') + chunk.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    socket.write([['AUTH', password], ...commands, ['QUIT']].map(encode).join(''));
  });
}

function encode(words: string[]): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}
