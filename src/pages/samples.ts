import { STATUS_CODES } from 'node:http';
import { errorCodes } from '../errors/auth-error.ts';
import type { ProblemName } from '../errors/problem-types.ts';
import { problem, problemDocument, problemHeaders } from '../http/problem.ts';
import { problemSamples } from '../http/problem-samples.ts';

const queries = new Set(['auditLogs', 'me', 'sessions']);

/** Writes a response over REST, with its headers. @param publicUrl beginning of `type` */
export function restSample(name: ProblemName, publicUrl: string): string {
  const [text, { details, headers } = {}] = problemSamples[name];
  const refusal = problem(name, text, details);
  const document = JSON.parse(problemDocument(refusal, publicUrl));
  return response(refusal.status, { ...problemHeaders(refusal), ...headers }, document);
}

/** Writes a response over GraphQL. If a field refuses, the status is 200. */
export function graphqlSample(name: ProblemName, publicUrl: string): string {
  const [text, { field, details, endpointText, headers, anywhere } = {}] = problemSamples[name];
  if (anywhere) return restSample(name, publicUrl);
  const { status, code, retryAfter, unlockIn } = problem(name, text, details);
  if (field === undefined) {
    const message = endpointText ?? errorCodes[code].replace(/\.$/, '');
    return response(status, { ...headers }, { errors: [{ message, extensions: { code } }] });
  }
  const error = { message: text, path: [field], extensions: { code, ...details } };
  const wait = retryAfter ?? unlockIn;
  const waiting = wait === undefined ? {} : { 'retry-after': String(wait) };
  // A refused query nulls only its own field. A refused mutation nulls the whole response.
  const data = queries.has(field) ? { [field]: null } : null;
  return response(200, waiting, { data, errors: [error] });
}

function response(status: number, headers: Record<string, string>, body: object): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines];
  // A list with one text fits on one line.
  const json = JSON.stringify(body, null, 2).replace(/\[\s+("[^"]*")\s+\]/g, '[$1]');
  return `${head.join('\n')}\n\n${json}`;
}
