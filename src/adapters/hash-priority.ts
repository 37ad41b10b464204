import { readdir, readFile } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';

const THREADS = '/proc/self/task';
/** Steps below the priority of the process; 19 is the lowest. */
const STEPS = 10;
const LOWEST = 19;

/**
 * Lowers the priority of libuv's threads, which hash, so that the event loop wakes up at once while
 * they use its core. Does nothing where threads have no priorities of their own (only Linux has
 * them) or a sandbox forbids it.
 */
export async function lowerHashPriority(): Promise<void> {
  for (const thread of await readdir(THREADS).catch(() => [])) {
    const name = await readFile(`${THREADS}/${thread}/comm`, 'utf8').catch(() => '');
    if (!name.startsWith('libuv-worker')) continue;
    try {
      setPriority(Number(thread), Math.min(getPriority() + STEPS, LOWEST));
    } catch {
      return;
    }
  }
}
