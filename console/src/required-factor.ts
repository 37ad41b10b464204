let isRequired = false;
const listeners = new Set<() => void>();

/** Whether the session may only enrol a second factor (`REQUIRE_MFA`), as far as this tab knows. */
export const isFactorRequired = (): boolean => isRequired;

export function setFactorRequired(value: boolean): void {
  isRequired = value;
  for (const listener of listeners) listener();
}

export function onFactorRequired(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
