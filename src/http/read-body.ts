import type { IncomingMessage } from 'node:http';
import { MAX_BODY } from './json-body.ts';

/** Returns the length of a body that {@link readBody} can read; undefined if another way must. */
export function plainLength({ headers }: IncomingMessage): number | undefined {
  const { 'content-length': length = '0', 'transfer-encoding': transfer } = headers;
  if (transfer !== undefined || !/^\d{1,6}$/.test(length)) return undefined;
  return Number(length) <= MAX_BODY ? Number(length) : undefined;
}

/**
 * Reads a body of this length. Never resolves if the client disconnects. Leaves the stream open:
 * `request.unshift(body)` lets another reader start again, and `request.read()` ends the stream.
 */
export async function readBody(request: IncomingMessage, length: number): Promise<Buffer> {
  if (length === 0) return Buffer.alloc(0);
  // A short body usually comes with the headers, and is there one microtask later: a listener costs more.
  await Promise.resolve();
  return request.read(length) ?? waitForBody(request, length);
}

const waitForBody = (request: IncomingMessage, length: number) =>
  new Promise<Buffer>((resolve) => {
    // Not `data`: after its listener is removed, bytes that nobody reads are lost.
    const read = () => {
      const body: Buffer | null = request.read(length);
      if (!body) return;
      request.off('readable', read);
      resolve(body);
    };
    request.on('readable', read);
  });
