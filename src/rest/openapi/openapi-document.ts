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
import type { DescribeSelection, SelectedField } from '../../ports/operation.ts';
import { restName } from '../field-names.ts';
import { routes } from '../rest-routes.ts';
import { bodyShape, type Route } from '../route.ts';
import { answerSchema, detail } from './answer-schemas.ts';
import { EXAMPLE_URL, exampleOf } from './example.ts';
import { oauthPaths } from './oauth-paths.ts';
import { type OperationDocs, operationDocs } from './operation-docs.ts';
import { about, operationTexts, tags } from './operation-texts.ts';
import { cursorPageSchema, pageSchema } from './page-schemas.ts';
import { problemResponses, problemsOf } from './problem-responses.ts';
import { otherProblem } from './problem-schemas.ts';
import { headerRefs, headers, operationHeaders } from './response-headers.ts';
import { servicePaths } from './service-paths.ts';

const scheme = { type: 'http', scheme: 'bearer' } as const;
const securitySchemes = {
  bearer: { ...scheme, bearerFormat: 'JWT', description: 'The access token.' },
  introspectionClient: {
    type: 'http',
    scheme: 'basic',
    description: 'A client of `INTROSPECTION_CLIENTS`, its parts form-encoded (RFC 6749 §2.3.1).',
  } as const,
  apiKey: { ...scheme, bearerFormat: 'gk_…', description: 'An API key, for machines.' },
};

/** Describes the REST API as OpenAPI 3.1, from the routes, their inputs, and the GraphQL types. */
export function describeApi(describeSelection: DescribeSelection): object {
  const paths: Record<string, ZodOpenApiPathsObject[string]> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path}`;
    const operation = operationOf(route, describeSelection(route.operation));
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation };
  }
  const document: ZodOpenApiObject = {
    openapi: '3.1.0',
    info: {
      title: 'Gatehouse',
      version: manifest.version,
      summary: manifest.description,
      description: about,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: EXAMPLE_URL, description: 'This service.' }],
    tags,
    paths: { ...paths, ...oauthPaths, ...servicePaths },
    components: { headers, securitySchemes },
  };
  return createDocument(document, {
    // Responses may get more members one day: clients ignore unknown ones (RFC 9457 §3.2).
    override({ jsonSchema }) {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
}

function operationOf(route: Route, selected: SelectedField): ZodOpenApiOperationObject {
  const texts = operationTexts.get(route.field);
  if (!texts) throw new Error(`operations.md does not describe ${route.field}`);
  const docs = operationDocs[route.field] ?? {};
  const body = bodyShape(route);
  return {
    operationId: route.operationId ?? route.field,
    description: selected.description,
    ...texts,
    security: securityOf(route),
    ...(docs.parameters && { requestParams: docs.parameters }),
    ...(body && { requestBody: bodyOf(body) }),
    responses: {
      [`${route.status ?? 200}` as '200']: successOf(route, docs, selected),
      ...problemResponses(route, docs),
      default: {
        description: 'Any other error, such as a malformed request or an internal error.',
        headers: headerRefs('X-Request-Id'),
        content: {
          'application/problem+json': { schema: otherProblem(problemsOf(route, docs)) },
        },
      },
    },
  };
}

/** Returns whether the access token is required, optional or ignored, or may be an API key. */
function securityOf({ signedIn, apiKey, errorCodes }: Route): oas31.SecurityRequirementObject[] {
  if (signedIn) return [{ bearer: [] }, ...(apiKey ? [{ apiKey: [] }] : [])];
  return errorCodes?.includes('UNAUTHENTICATED') ? [{}, { bearer: [] }] : [];
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
    description: 'The 6-digit code. As a number, it may lack leading zeros.',
    examples: [exampleOf(code)],
  });

function schemaOf({ paged, path }: Route, selected: SelectedField): z.ZodObject | undefined {
  if (!paged) return undefined;
  return paged === 'byNumber' ? pageSchema(selected) : cursorPageSchema(selected, path);
}

function successOf(
  route: Route,
  docs: OperationDocs,
  selected: SelectedField,
): ZodOpenApiResponseObject {
  const members = route.detail === undefined ? {} : { detail };
  const schema = schemaOf(route, selected) ?? answerSchema(selected, docs.component, members);
  const text = route.detail ?? docs.detail;
  const example = exampleOf(schema) as object;
  const usual = docs.example ? { ...example, ...docs.example } : example;
  return {
    description: text ?? schema.description ?? '',
    headers: operationHeaders(),
    content: {
      'application/json': { schema, example: text ? { ...usual, detail: text } : usual },
    },
  };
}
