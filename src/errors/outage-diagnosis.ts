import { type Cause, causes } from './outage-causes.ts';
import type { Endpoint } from './store-endpoint.ts';

/** The cause of a failure, in words for an operator. */
export interface Diagnosis {
  /** One line: setting, address, reason and cure. */
  readonly line: string;
  /** The reason alone, without names or addresses. */
  readonly reason: string;
  /**
   * Whether an operator must change a setting or the service. Other failures pass by themselves.
   */
  readonly isMisconfigured: boolean;
}

/**
 * Returns the text of an error. For SQL errors only the code: their messages may contain values.
 */
function textOf(error: Error): string {
  const { code, command, responseCode, message, name } = error as Error & Record<string, unknown>;
  if (typeof code === 'string' && /^(?!08)[0-9A-Z]{5}$/.test(code) && /\d/.test(code)) return code;
  return [code, responseCode, command, name, message].filter(Boolean).join(' ');
}

function causeOf(error: unknown): Cause | undefined {
  for (let link = error; link instanceof Error; link = link.cause) {
    const text = textOf(link);
    const cause = causes.find(({ pattern }) => pattern.test(text));
    if (cause) return cause;
  }
  return undefined;
}

/** Describes in one line why an endpoint cannot be used, and what to do. */
export function diagnose(error: unknown, endpoint: Endpoint): Diagnosis {
  const { code, name } = error as { code?: string; name?: string };
  const unknown: Cause = {
    pattern: /^/,
    reason: `error ${code ?? name ?? 'without a name'}`,
    cure: ({ product }) => `Check the log of ${product}.`,
  };
  const cause = causeOf(error) ?? unknown;
  const { setting, address } = endpoint;
  const cure = typeof cause.cure === 'string' ? cause.cure : cause.cure(endpoint);
  return {
    line: `${setting}: ${cause.verb ?? 'cannot connect to'} ${address} (${cause.reason}). ${cure}`,
    reason: cause.reason,
    isMisconfigured: cause.isMisconfigured ?? false,
  };
}

/** Attaches its diagnosis to an error of an endpoint, for {@link diagnosisOf}. */
export function attachDiagnosis(error: unknown, endpoint: Endpoint): void {
  if (error instanceof Error && !diagnosisOf(error)) {
    Object.defineProperty(error, 'diagnosis', { value: diagnose(error, endpoint) });
  }
}

/** Returns the diagnosis that is attached to an error or to one of its causes. */
export function diagnosisOf(error: unknown): Diagnosis | undefined {
  for (let link = error; link instanceof Error; link = link.cause) {
    if ('diagnosis' in link) return link.diagnosis as Diagnosis;
  }
  return undefined;
}
