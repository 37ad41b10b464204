/** Signals that end the supervisor: Ctrl-C, a polite kill, a closed terminal. */
const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Under npm one Ctrl-C arrives twice, from the terminal and from npm, and the second is no second
 * wish. Milliseconds.
 */
const ONE_WISH = 500;

/**
 * Calls `end` at the first signal and `hurry` at each one that comes later than half a second after it.
 * @returns a function that stops listening.
 */
export function onEndSignals(end: (signal: string) => void, hurry: () => void): () => void {
  let first: number | undefined;
  const listener = (signal: NodeJS.Signals) => {
    if (first === undefined) {
      first = Date.now();
      end(signal);
    } else if (Date.now() - first > ONE_WISH) hurry();
  };
  // A terminal that was closed makes every later line an error event; ending in order matters more.
  const ignore = () => undefined;
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
  for (const signal of END_SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of END_SIGNALS) process.off(signal, listener);
  };
}
