import { z } from 'zod';
import {
  createDocument,
  type oas31,
  type ZodOpenApiObject,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiRequestBodyObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import manifest from '../../../package.json' with { type: 'json' };
import { restName } from '../field-names.ts';
import { type Route, routes } from '../rest-routes.ts';
import { EXAMPLE_URL, exampleOf } from './example.ts';
import { manual, type OperationDocs, tags } from './operation-docs.ts';
import { problemResponses, problemsOf } from './problem-responses.ts';
import { otherProblem } from './problem-schemas.ts';
import { headerRefs, headers, operationHeaders } from './response-headers.ts';
import { servicePaths } from './service-paths.ts';

const about = `
E-mail and password with one-time codes, codes without a password, access and refresh tokens,
sessions and an audit log. The same service answers GraphQL on \`POST /graphql\`.

1. \`POST /api/v1/auth/register\` creates an account and mails a code.
2. \`POST /api/v1/auth/login\` checks the password and mails a code of 6 digits.
3. \`POST /api/v1/auth/login/otp-verify\` exchanges the code for an access and a refresh token.
4. \`Authorization: Bearer <access>\` signs in. After 15 minutes, \`POST /api/v1/auth/token/refresh\`
   gives a new pair.

Bodies are JSON objects of at most 100,000 bytes; fields that are not known are ignored. A slash at
the end of a path makes no difference. Every refusal is a problem document (RFC 9457): go by its
\`code\`; its \`type\` leads to a page about it. Another method than those described is 405, with
\`Allow\`. \`X-Request-Id\` names the request in the log of the service, and \`RateLimit\` says how many
more are welcome.
`.trim();

const info: ZodOpenApiObject['info'] = {
  title: 'Gatehouse',
  version: manifest.version,
  summary: manifest.description,
  description: about,
  license: { name: 'MIT', identifier: 'MIT' },
};

const bearer = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'The access token.',
} as const;

/**
 * The REST API as OpenAPI 3.1: made from the rows, the rules of their inputs, and the manual.
 *
 * @throws Error where a row has no docs, or a field no example
 */
export function describeApi(): object {
  const paths: Record<string, ZodOpenApiPathsObject[string]> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path}`;
    const operation = operationOf(route, chapterOf(route));
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation };
  }
  const document: ZodOpenApiObject = {
    openapi: '3.1.0',
    info,
    servers: [{ url: EXAMPLE_URL, description: 'This service.' }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths: { ...paths, ...servicePaths },
    components: { headers, securitySchemes: { bearer } },
  };
  return createDocument(document, {
    // An answer may have more one day: clients ignore what they do not know (RFC 9457 §3.2).
    override({ jsonSchema }) {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
}

/** The field that a row runs: its operation has one. */
const fieldOf = ({ operation }: Route): string => /\{\s*(\w+)/.exec(operation)?.[1] ?? '';

function chapterOf(route: Route): OperationDocs {
  const docs = manual[fieldOf(route)];
  if (!docs) throw new Error(`The manual has no docs about ${route.path}`);
  return docs;
}

function operationOf(route: Route, docs: OperationDocs): ZodOpenApiOperationObject {
  return {
    operationId: route.operationId ?? fieldOf(route),
    tags: [docs.tag],
    summary: route.summary,
    description: docs.description,
    security: securityOf(route),
    ...(docs.parameters && { requestParams: docs.parameters }),
    ...(route.input && { requestBody: bodyOf(route.input.shape) }),
    responses: {
      [`${route.status}` as '200']: successOf(route, docs),
      ...problemResponses(route, docs),
      default: {
        description:
          'Any other problem: HTTP refused the request before the operation, or an unexpected error.',
        headers: headerRefs('X-Request-Id'),
        content: {
          'application/problem+json': { schema: otherProblem(problemsOf(route, docs)) },
        },
      },
    },
  };
}

/** Signed in; or not, but a token is looked at; or open to everybody. */
function securityOf({ signedIn, refusals }: Route): oas31.SecurityRequirementObject[] {
  if (signedIn) return [{ bearer: [] }];
  return refusals.includes('UNAUTHENTICATED') ? [{}, { bearer: [] }] : [];
}

function bodyOf(shape: z.ZodObject['shape']): ZodOpenApiRequestBodyObject {
  const fields = Object.entries(shape).map(([field, schema]) => [
    restName(field),
    field === 'otp' ? orNumber(schema) : schema,
  ]);
  const schema = z.object(Object.fromEntries(fields));
  return {
    required: !schema.safeParse({}).success,
    content: { 'application/json': { schema, example: exampleOf(schema) } },
  };
}

const orNumber = (code: z.core.$ZodType) =>
  z.union([code, z.int32().min(0).max(999_999)]).meta({
    description: 'The 6 digits of the code. As a number it may have lost zeros in front.',
    examples: [exampleOf(code)],
  });

function successOf(route: Route, { answer, detail }: OperationDocs): ZodOpenApiResponseObject {
  const text = route.detail ?? detail;
  const usual = exampleOf(answer) as object;
  const example = text ? { ...usual, detail: text } : usual;
  return {
    description: text ?? z.globalRegistry.get(answer)?.description ?? '',
    headers: operationHeaders(),
    content: { 'application/json': { schema: answer, example } },
  };
}
