/** Milliseconds for which an answer counts, so that a flood of questions costs a store nothing. */
const FRESH = 100;

/** Shares an answer among those who ask while it is awaited, and for a moment afterwards. */
export function shareRecent<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().finally(() => {
      setTimeout(() => {
        answer = undefined;
      }, FRESH).unref();
    });
    return answer;
  };
}
