/**
 * Resolves when this process shall end: by a signal, or because the supervisor that started it is
 * gone.
 */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const reason of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
      process.once(reason, () => resolve());
    }
  });
}
