import { type Form, parseForm } from '../http/form-body.ts';
import { errorAnswer, type OAuthAnswer } from '../http/oauth-error.ts';
import type { RequestState } from '../http/request-state.ts';

/** A request for an endpoint, as read by Hono or directly. */
export interface OAuthCall {
  readonly state: RequestState;
  readonly body: () => Promise<ArrayBuffer | Uint8Array>;
}

/** An OAuth endpoint, as data. */
export interface OAuthEndpoint {
  readonly methods: readonly string[];
  readonly path: string;
  /** @throws OAuthError or any other error */
  run(call: OAuthCall): Promise<OAuthAnswer>;
}

/** Runs an endpoint. Never rejects. */
export async function runEndpoint(endpoint: OAuthEndpoint, call: OAuthCall): Promise<OAuthAnswer> {
  const { record, request, log } = call.state;
  const answer = await endpoint.run(call).catch((error) => errorAnswer(error, log));
  record.operation = `${request.method} ${endpoint.path}`;
  if (answer.code) record.code = answer.code;
  return answer;
}

/** Reads the parameters of a request. @throws ProblemError */
export const readForm = async ({ state, body }: OAuthCall): Promise<Form> =>
  parseForm(await body(), state.request.headers['content-type']);
