import { processRegularResult } from 'graphql-yoga';
import type { RequestState } from '../http/request-state.ts';
import { publicError } from './errors.ts';
import type { Result } from './execution.ts';

/** Masks the errors of a result, and records their codes for the log. */
export function maskErrors(result: Result, state: RequestState, isDevelopment: boolean): Result {
  if (!result.errors) return result;
  const errors = result.errors.map((error) => publicError(error, state.log, isDevelopment));
  state.record.code = [...new Set(errors.map(({ extensions }) => extensions.code))].join();
  return { ...result, errors };
}

/** Replaces the response class of the Fetch API, whose streams cost more than an operation. */
class PlainResponse {
  readonly body: string;
  readonly init: { readonly status: number; readonly headers: Readonly<Record<string, string>> };

  constructor(body: string, init: PlainResponse['init']) {
    this.body = body;
    this.init = init;
  }
}

type FetchApi = Parameters<typeof processRegularResult>[1];
const fetchApi = { Response: PlainResponse } as unknown as FetchApi;

/** Makes the response to a result as Yoga does. @param type media type, without parameters */
export const responseTo = (result: Result, type: string): PlainResponse =>
  processRegularResult(result, fetchApi, type) as unknown as PlainResponse;
