/** Milliseconds. Under npm one Ctrl-C arrives twice: from the terminal and from npm. */
const SAME_KEY_PRESS = 500;

/**
 * Calls `end` at the first Ctrl-C, kill or closed terminal, and `hurry` at the next.
 * @returns a function that removes the listeners
 */
export function onEndSignals(end: () => void, hurry: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let first: number | undefined;
  const listener = () => {
    if (first !== undefined && Date.now() - first > SAME_KEY_PRESS) hurry();
    if (first === undefined) end();
    first ??= Date.now();
  };
  // Writing to a closed terminal emits an error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
