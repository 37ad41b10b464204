/** Iterates over at most one value. Not a generator, which could not return before it has come. */
export function iterateOnce(
  value: Promise<string | undefined>,
  stop: () => void,
): AsyncIterableIterator<string> {
  let isDone = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const last = isDone ? undefined : await value;
      const isLast = isDone || last === undefined;
      isDone = true;
      return isLast ? { done: true, value: undefined } : { done: false, value: last };
    },
    async return() {
      stop();
      isDone = true;
      return { done: true, value: undefined };
    },
  };
}
