import { z } from 'zod';
import type { ZodOpenApiResponsesObject } from 'zod-openapi';
import {
  type ErrorCode,
  type FieldMessages,
  forbidden,
  unauthenticated,
} from '../../errors/auth-error.ts';
import { type ProblemName, problemTypes } from '../../errors/problem-types.ts';
import { problemSamples } from '../../http/problem-samples.ts';
import { restName } from '../field-names.ts';
import { bodyShape, type Route } from '../route.ts';
import { exampleOf } from './example.ts';
import type { OperationDocs } from './operation-docs.ts';
import { problemExample, problemMembers, problemNames, problemSchemas } from './problem-schemas.ts';
import { type HeaderName, operationHeaders } from './response-headers.ts';

/** Examples of `detail`, if they are not those of the problem's page. */
const details: Partial<Record<ProblemName, readonly string[]>> = {
  unauthenticated: [unauthenticated(false).message, unauthenticated(true).message],
  forbidden: [forbidden().message],
  'rate-limited': ['Too many requests from this IP'],
};

/** Headers of an error response, by status. */
const headerNames: Readonly<Record<number, HeaderName>> = {
  401: 'WWW-Authenticate',
  423: 'Retry-After',
  429: 'Retry-After',
  503: 'Retry-After',
};

/** Lists the problems of a route: those that it declares, and those of every route of its kind. */
export function problemsOf(route: Route, { parameters }: OperationDocs): ProblemName[] {
  const { signedIn, enrolling, errorCodes = [] } = route;
  const body = bodyShape(route);
  const codes = new Set<ErrorCode>([...errorCodes, 'UNAVAILABLE']);
  if (signedIn) codes.add('UNAUTHENTICATED');
  if (signedIn && !enrolling) codes.add('ENROLLMENT_REQUIRED');
  const names = new Set<ProblemName>(['internal-server-error']);
  if (body || parameters) names.add('bad-user-input');
  if (body) names.add('bad-request').add('payload-too-large').add('unsupported-media-type');
  return problemNames.filter((name) => names.has(name) || codes.has(problemTypes[name].code));
}

/** Describes the error responses, by status. */
export function problemResponses(route: Route, docs: OperationDocs): ZodOpenApiResponsesObject {
  const problems = Map.groupBy(problemsOf(route, docs), (name) => problemTypes[name].status);
  const responses = problems.entries().map(([status, group]) => {
    const header = headerNames[status];
    const schema = schemaOf(group);
    const examples = Object.assign({}, ...group.map((name) => examplesOf(name, route, docs)));
    const response = {
      description: group.map((name) => problemTypes[name].title).join(' · '),
      headers: operationHeaders(...(header ? [header] : [])),
      content: { 'application/problem+json': { schema, examples } },
    };
    return [status, response];
  });
  return Object.fromEntries(responses);
}

function schemaOf(group: readonly ProblemName[]): z.ZodType {
  const [first, ...others] = group.map((name) => problemSchemas[name]);
  if (!first) throw new Error('A response without a problem');
  return others.length > 0 ? z.discriminatedUnion('code', [first, ...others]) : first;
}

/** Makes one example for each text of a problem. Codes name the examples. */
function examplesOf(name: ProblemName, route: Route, docs: OperationDocs): object {
  const { code } = problemTypes[name];
  const texts = docs.errorTexts?.[name] ?? details[name] ?? [problemSamples[name][0]];
  const members =
    name === 'bad-user-input'
      ? { errors: docs.errors ?? faultsOf(bodyShape(route) ?? {}) }
      : usualMembers(name);
  return Object.fromEntries(
    texts.map((detail, index) => [
      index === 0 ? code : `${code}_${index + 1}`,
      { summary: detail, value: problemExample(name, detail, members) },
    ]),
  );
}

/** Makes an example of the members that every problem of a type has. */
const usualMembers = (name: ProblemName): object =>
  Object.fromEntries(
    Object.entries(problemMembers[name] ?? {})
      .filter(([, member]) => !(member instanceof z.ZodOptional))
      .map(([member, schema]) => [member, exampleOf(schema)]),
  );

/** Lists the errors of an empty body, or of a body whose first field has the wrong type. */
function faultsOf(shape: z.ZodObject['shape']): FieldMessages {
  const fields = Object.entries(shape);
  const missing = fields.filter(([, { _zod }]) => _zod.optin !== 'optional');
  const faults = missing.length > 0 ? missing : fields.slice(0, 1);
  const message = missing.length > 0 ? 'This field is required.' : 'Not a valid string.';
  return Object.fromEntries(faults.map(([field]) => [restName(field), [message]]));
}
