import { connect, type Socket } from 'node:net';

export interface HttpResponse {
  readonly status: number;
  readonly body: string;
}

/**
 * One keep-alive connection with one request at a time. It writes prepared bytes and reads status,
 * length and body only, so that the client costs a fraction of any server.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #received = '';
  #done: ((response: HttpResponse) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(port: number): Promise<HttpConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpConnection>();
    const buffer = Buffer.allocUnsafe(256 * 1024);
    const onread = {
      buffer,
      callback: (length: number) => {
        connection.#read(buffer.toString('latin1', 0, length));
        return true;
      },
    };
    const socket = connect({ host: '127.0.0.1', port, noDelay: true, onread });
    const connection = new HttpConnection(socket);
    socket.once('connect', () => resolve(connection));
    socket.on('error', (error) => {
      reject(error);
      connection.#failed?.(error);
    });
    socket.on('close', () => connection.#failed?.(new Error('the server closed the connection')));
    return promise;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  send(request: string): Promise<HttpResponse> {
    const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
    this.#done = resolve;
    this.#failed = reject;
    this.#socket.write(request, 'latin1');
    return promise;
  }

  close(): void {
    this.#failed = undefined;
    this.#socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    const response = parseResponse(this.#received);
    if (!response) return;
    this.#received = '';
    this.#done?.(response);
  }
}

/** Returns undefined until the response is complete. */
function parseResponse(text: string): HttpResponse | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const status = Number(text.slice(9, 12));
  const start = end + 4;
  const head = text.slice(0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) {
    if (text.length < start + Number(length)) return undefined;
    return { status, body: text.slice(start) };
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { status, body: '' };
  if (!text.endsWith('0\r\n\r\n')) return undefined;
  return { status, body: joinChunks(text.slice(start)) };
}

function joinChunks(text: string): string {
  let body = '';
  for (let at = 0; ; ) {
    const line = text.indexOf('\r\n', at);
    const size = Number.parseInt(text.slice(at, line), 16);
    if (!size) return body;
    body += text.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}
