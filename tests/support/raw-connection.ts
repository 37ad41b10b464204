import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A TCP connection on which a test writes what it likes, and is not polite. */
export class RawConnection {
  received = '';
  isClosed = false;
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.received += chunk.toString('latin1');
    });
    // A closed connection may be reset.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
    });
  }

  write(...lines: string[]): void {
    this.socket.write(lines.join('\r\n'));
  }
}

/** Opens a connection for one test. */
export async function openConnection(url: string, from = '127.0.0.1'): Promise<RawConnection> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: from });
  const connection = new RawConnection(socket);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return connection;
}
