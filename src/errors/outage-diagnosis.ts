import { type Cause, causes } from './outage-causes.ts';
import type { Endpoint } from './store-endpoint.ts';

/** The cause of a failure in one line: setting, address, reason and cure. */
export type Diagnosis = ReturnType<typeof diagnose>;

/** Returns an error and its causes. */
function* chainOf(error: unknown): Generator<Error> {
  for (let link = error; link instanceof Error; link = link.cause) yield link;
}

/** Returns the text of an error. For SQL errors only the code: their messages may contain values. */
function textOf(error: Error): string {
  const { code, command, responseCode, message, name } = error as Error & Record<string, unknown>;
  if (typeof code === 'string' && /^(?!08)[0-9A-Z]{5}$/.test(code) && /\d/.test(code)) return code;
  return [code, responseCode, command, name, message].filter(Boolean).join(' ');
}

export function causeOf(error: unknown): Cause | undefined {
  for (const link of chainOf(error)) {
    const text = textOf(link);
    const cause = causes.find(({ pattern }) => pattern.test(text));
    if (cause) return cause;
  }
  return undefined;
}

/** Describes in one line why an endpoint cannot be used, and what to do. */
export function diagnose(error: unknown, endpoint: Endpoint) {
  const { code, name } = error as { code?: string; name?: string };
  const {
    verb = 'cannot connect to',
    reason = `error ${code ?? name ?? 'unknown'}`,
    cure = 'Check the log of {product}.',
    isMisconfigured = false,
  } = causeOf(error) ?? {};
  const { setting, address } = endpoint;
  const toDo = cure.replace(/\{(\w+)\}/g, (_, key) => endpoint[key as keyof Endpoint]);
  return { line: `${setting}: ${verb} ${address} (${reason}). ${toDo}`, reason, isMisconfigured };
}

/** Attaches its diagnosis to an error of an endpoint, for {@link diagnosisOf}. */
export function attachDiagnosis(error: unknown, endpoint: Endpoint): void {
  if (error instanceof Error && !diagnosisOf(error)) {
    Object.defineProperty(error, 'diagnosis', { value: diagnose(error, endpoint) });
  }
}

/** Returns the diagnosis that is attached to an error or to one of its causes. */
export function diagnosisOf(error: unknown): Diagnosis | undefined {
  for (const link of chainOf(error)) {
    if ('diagnosis' in link) return link.diagnosis as Diagnosis;
  }
  return undefined;
}
