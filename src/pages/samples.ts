import { STATUS_CODES } from 'node:http';
import { errorCodes } from '../errors/auth-error.ts';
import type { ProblemName } from '../errors/problem-types.ts';
import { JSON_ONLY } from '../http/json-body.ts';
import { graphqlBody, problem, problemDocument, problemHeaders } from '../http/problem.ts';
import { problemSamples } from '../http/problem-samples.ts';

/** Messages of the GraphQL endpoint that are not the text of the code. */
const endpointTexts: Partial<Record<ProblemName, string>> = {
  'bad-request': 'The body must be JSON in UTF-8',
  'unsupported-media-type': JSON_ONLY,
};

const allowOf = (name: ProblemName): Record<string, string> =>
  name === 'method-not-allowed' ? { allow: 'OPTIONS, POST' } : {};

const queries = new Set(['auditLogs', 'me', 'sessions']);

/** Writes a response over REST, with its headers. @param publicUrl beginning of `type` */
export function restSample(name: ProblemName, publicUrl: string): string {
  const [text, , details] = problemSamples[name];
  const sample = problem(name, text, details);
  const headers = { ...problemHeaders(sample), ...allowOf(name) };
  return response(sample.status, headers, JSON.parse(problemDocument(sample, publicUrl)));
}

/** Writes a response over GraphQL. If a field fails, the status is 200. */
export function graphqlSample(name: ProblemName, publicUrl: string): string {
  const [text, field, details] = problemSamples[name];
  if (field === 'anywhere') return restSample(name, publicUrl);
  const sample = problem(name, text, details);
  const { status, code } = sample;
  if (field === undefined) {
    const detail = endpointTexts[name] ?? errorCodes[code].replace(/\.$/, '');
    return response(status, allowOf(name), graphqlBody({ ...sample, detail }));
  }
  const { 'retry-after': wait } = problemHeaders(sample);
  const error = { message: text, path: [field], extensions: { code, ...details } };
  // A failed query field is null. A failed mutation makes the whole `data` null.
  const data = queries.has(field) ? { [field]: null } : null;
  return response(200, wait ? { 'retry-after': wait } : {}, { data, errors: [error] });
}

function response(status: number, headers: Record<string, string>, body: object): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines];
  // A list with one text fits on one line.
  const json = JSON.stringify(body, null, 2).replace(/\[\s+("[^"]*")\s+\]/g, '[$1]');
  return `${head.join('\n')}\n\n${json}`;
}
