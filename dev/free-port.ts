import { randomInt } from 'node:crypto';
import getPort from 'get-port';

/**
 * Returns a free TCP port of 127.0.0.1. Stays below the ports of outgoing connections (from 32768
 * on Linux, 49152 on macOS): one of those could take the port while its owner restarts.
 */
export function freePort(): Promise<number> {
  const port = Array.from({ length: 50 }, () => randomInt(20_000, 32_000));
  return getPort({ host: '127.0.0.1', port });
}
