import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Answer } from '../support/request.ts';

/** A problem document. */
export interface Problem extends Record<string, unknown> {
  readonly type: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: Record<string, string[]>;
}

interface Content {
  readonly schema?: object;
  readonly example?: Record<string, unknown>;
  readonly examples?: Record<string, { readonly value: Problem }>;
}

interface Response {
  readonly headers?: Record<string, { readonly $ref?: string }>;
  readonly content: Record<string, Content>;
}

/** An operation, as the OpenAPI document describes it. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query';
    readonly schema: { readonly examples: readonly unknown[] };
  }[];
  readonly requestBody?: { readonly content: { readonly 'application/json': Content } };
  /** By status, the success first. */
  readonly responses: Record<string, Response>;
}

export const exampleBody = ({ requestBody }: Operation): Content['example'] =>
  requestBody?.content['application/json'].example;

/** Headers that an answer has only where the document says so. */
const special = [
  ...['allow', 'cache-control', 'retry-after', 'www-authenticate'],
  ...['ratelimit', 'ratelimit-policy', 'x-request-id'],
];

/** An OpenAPI document, by which answers are judged. */
export class DocumentedApi {
  readonly operations: readonly Operation[];
  /** Returns the operations of the table of routes. */
  readonly rest: readonly Operation[];
  readonly #schemas = new Ajv2020({ strict: false, allErrors: true });

  constructor(document: object) {
    const { paths } = document as { paths: Record<string, Record<string, Operation>> };
    this.operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method })),
    );
    this.rest = this.operations.filter(({ path }) => path.startsWith('/api/v1/'));
    // It is written for CommonJS.
    (addFormats as unknown as typeof addFormats.default)(this.#schemas);
    this.#schemas.addSchema(closed(document) as object, 'api');
  }

  /** Lists the deviations of an answer from its description: status, headers and body. */
  misfits({ path, method, responses }: Operation, { status, headers, text }: Answer): string[] {
    const response = responses[status];
    const type = String(headers['content-type']);
    if (!response?.content[type]) return [`no word about ${status} ${type}: ${text}`];

    const at = ['paths', path, method, 'responses', String(status)];
    const described = Object.entries(response.headers ?? {});
    const names = described.map(([name]) => name.toLowerCase());
    const unknown = special.filter((name) => headers[name] !== undefined && !names.includes(name));
    return [
      ...unknown.map((name) => `no word about the header ${name} of ${status}`),
      ...described.flatMap(([name, { $ref }]) => {
        const value = headers[name.toLowerCase()];
        const place = `${$ref ?? pointer(...at, 'headers', name)}/schema`;
        return this.#misfits(place, /^\d+$/.test(String(value)) ? Number(value) : value);
      }),
      ...this.#misfits(pointer(...at, 'content', type, 'schema'), typed(JSON.parse(text))),
    ];
  }

  /** Lists the deviations of the body of a request from its description. */
  bodyMisfits({ path, method }: Operation, body: object): string[] {
    const at = ['paths', path, method, 'requestBody', 'content', 'application/json', 'schema'];
    return this.#misfits(pointer(...at), body);
  }

  #misfits(place: string, value: unknown): string[] {
    const validate = this.#schemas.getSchema(`api${place}`);
    if (!validate) return [`no ${place}`];
    void validate(value);
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${place}: ${instancePath} ${message}`,
    );
  }
}

/** Returns the document with objects closed to members that it does not describe. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (part === null || typeof part !== 'object') return part;
  const members = Object.fromEntries(
    Object.entries(part).map(([key, each]) => [key, closed(each)]),
  );
  return 'properties' in part && 'type' in part
    ? { additionalProperties: false, ...members }
    : members;
}

/** Returns a body without the lists under a field's own name: they are served, but have no type. */
export function typed<Body extends object>(body: Body): Body {
  const { errors = {} } = body as { errors?: object };
  const members = Object.entries(body).filter(([name]) => !Object.hasOwn(errors, name));
  return Array.isArray(body) ? body : (Object.fromEntries(members) as Body);
}

const pointer = (...parts: string[]) => {
  const escaped = parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'));
  return `#/${escaped.map(encodeURIComponent).join('/')}`;
};
