/** Ctrl-C, `kill`, and a closed terminal. */
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds. Under npm one Ctrl-C arrives twice: from the terminal and from npm. */
const SAME_KEY_PRESS = 500;

/**
 * Calls `end` at the first signal, and `hurry` at each one that comes half a second later or more.
 * @returns a function that stops listening
 */
export function onEndSignals(end: () => void, hurry: () => void): () => void {
  let first: number | undefined;
  const listener = () => {
    if (first === undefined) {
      first = Date.now();
      end();
    } else if (Date.now() - first > SAME_KEY_PRESS) hurry();
  };
  // After a terminal was closed, each line that is written to it is an error.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  for (const signal of END_SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of END_SIGNALS) process.off(signal, listener);
  };
}
