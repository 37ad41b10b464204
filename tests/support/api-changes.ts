import { BreakingChangeType, buildSchema, findSchemaChanges } from 'graphql';

/** A change that breaks a client which worked before. */
export interface BreakingChange {
  /** Names that an entry of the changelog needs: a coordinate, or a route and a field. */
  readonly names: readonly string[];
  readonly text: string;
}

/** The part of JSON Schema that the OpenAPI document uses. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
}

type Content = Readonly<Record<string, { readonly schema?: Schema }>>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  readonly security?: readonly object[];
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** Finds the changes of a GraphQL schema that break operations of clients. */
export function breakingSchemaChanges(before: string, after: string): BreakingChange[] {
  const breaking = new Set<string>(Object.values(BreakingChangeType));
  return findSchemaChanges(buildSchema(before), buildSchema(after))
    .filter(({ type }) => breaking.has(type))
    .map(({ description }) => {
      const [coordinate = description] = /@?\w+\.\w+(\(\w+:\))?|@\w+/.exec(description) ?? [
        description.split(' ')[0] ?? '',
      ];
      return { names: [coordinate], text: description };
    });
}

/** Names the schema of each request and response of an operation, and whether it requires more. */
const bodiesOf = ({ parameters = [], requestBody, responses }: Operation) => ({
  inputs: {
    ...Object.fromEntries(
      parameters.map((each) => [each.name, { required: each.required, schema: each.schema }]),
    ),
    ...Object.fromEntries(
      Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => [
        `body ${type}`,
        { required: requestBody?.required, schema },
      ]),
    ),
  },
  outputs: Object.fromEntries(
    Object.entries(responses).flatMap(([status, { content = {} }]) => [
      [`response ${status}`, undefined],
      ...Object.entries(content).map(([type, { schema }]) => [
        `response ${status} ${type}`,
        schema,
      ]),
    ]),
  ) as Record<string, Schema | undefined>,
});

/** Finds the changes of an OpenAPI document that break clients of its routes. */
export function breakingApiChanges(before: ApiDocument, after: ApiDocument): BreakingChange[] {
  const found: BreakingChange[] = [];
  for (const [path, methods] of Object.entries(before.paths)) {
    for (const [method, former] of Object.entries(methods)) {
      const route = `${method.toUpperCase()} ${path}`;
      const current = after.paths[path]?.[method];
      if (!current) found.push({ names: [route], text: `${route} was removed.` });
      else {
        const tell = (place: string, text: string) => {
          const named = /^[\w-]+$|(?<=\.)[\w-]+$/.exec(place) ?? [];
          found.push({ names: [route, ...named], text: `${route}, ${place}: ${text}.` });
        };
        compareOperations([before, former], [after, current], tell);
      }
    }
  }
  return found;
}

type Tell = (place: string, text: string) => void;
type Side<T> = readonly [document: ApiDocument, part: T];

function compareOperations(before: Side<Operation>, after: Side<Operation>, tell: Tell): void {
  if (before[1].security?.length === 0 && after[1].security?.length !== 0) {
    tell('all requests', 'requires authentication');
  }
  compareInputs(before, after, tell);
  const [former, current] = [bodiesOf(before[1]).outputs, bodiesOf(after[1]).outputs];
  for (const [place, schema] of Object.entries(former)) {
    const isKept = place in current;
    if (isKept) compare([before[0], schema], [after[0], current[place]], place, 'output', tell);
    // Clients handle unknown errors, so errors may change their status.
    else if (place.startsWith('response 2')) tell(place, 'was removed');
  }
}

function compareInputs(before: Side<Operation>, after: Side<Operation>, tell: Tell): void {
  const [former, current] = [bodiesOf(before[1]).inputs, bodiesOf(after[1]).inputs];
  for (const [place, { required, schema }] of Object.entries(current)) {
    const known = former[place];
    if (required && !known?.required) tell(place, 'became required');
    if (known) compare([before[0], known.schema], [after[0], schema], place, 'input', tell);
  }
  for (const place of Object.keys(former)) if (!current[place]) tell(place, 'was removed');
}

function resolve([{ components }, schema]: Side<Schema | undefined>): Schema {
  const name = schema?.$ref?.split('/').at(-1);
  return (name === undefined ? schema : components?.schemas?.[name]) ?? {};
}

const typesOf = ({ type = [], anyOf = [], oneOf = [] }: Schema): string[] => [
  ...[type].flat(),
  ...[...anyOf, ...oneOf].flatMap(typesOf),
];

/** Limits of values, and whether a higher one rejects more. */
const limits = { minLength: true, minimum: true, maxLength: false, maximum: false } as const;

function compare(
  before: Side<Schema | undefined>,
  after: Side<Schema | undefined>,
  place: string,
  direction: 'input' | 'output',
  tell: Tell,
): void {
  const [former, current] = [resolve(before), resolve(after)];
  const [given, taken] = direction === 'input' ? [former, current] : [current, former];
  if (!typesOf(given).every((type) => typesOf(taken).includes(type))) {
    tell(place, `changed type from ${typesOf(former).join()} to ${typesOf(current).join()}`);
  }
  if (direction === 'input') compareLimits(former, current, place, tell);
  compareProperties([before[0], former], [after[0], current], place, direction, tell);
  if (former.items)
    compare([before[0], former.items], [after[0], current.items], place, direction, tell);
  for (const branch of former.oneOf ?? []) {
    const same = current.oneOf?.find(({ $ref }) => $ref !== undefined && $ref === branch.$ref);
    if (same) compare([before[0], branch], [after[0], same], place, direction, tell);
  }
}

function compareProperties(
  [old, former]: Side<Schema>,
  [now, current]: Side<Schema>,
  place: string,
  direction: 'input' | 'output',
  tell: Tell,
): void {
  for (const [name, schema] of Object.entries(former.properties ?? {})) {
    const property = current.properties?.[name];
    if (!property) tell(`${place}.${name}`, 'was removed');
    else compare([old, schema], [now, property], `${place}.${name}`, direction, tell);
  }
  const [stricter, looser, text] =
    direction === 'input'
      ? [current, former, 'became required']
      : [former, current, 'may be missing'];
  for (const name of stricter.required ?? []) {
    const isKept = current.properties?.[name] !== undefined;
    if (isKept && !looser.required?.includes(name)) tell(`${place}.${name}`, text);
  }
}

function compareLimits(former: Schema, current: Schema, place: string, tell: Tell): void {
  for (const [name, isMinimum] of Object.entries(limits)) {
    const [old, now] = [former, current].map(
      (schema) => schema[name as keyof typeof limits] ?? (isMinimum ? -Infinity : Infinity),
    ) as [number, number];
    if (isMinimum ? now > old : now < old) tell(place, `changed ${name} to ${now}`);
  }
  const values = current.enum ?? (current.const === undefined ? undefined : [current.const]);
  for (const value of former.enum ?? []) {
    if (values && !values.includes(value)) tell(place, `no longer takes ${String(value)}`);
  }
  if (current.pattern !== undefined && current.pattern !== former.pattern) {
    tell(place, 'changed its pattern');
  }
}

/**
 * Returns the changes that no entry under a heading `### Breaking` names, in the sections of a
 * changelog above that of a release.
 */
export function unannounced(
  changes: readonly BreakingChange[],
  changelog: string,
  release: string,
): string[] {
  const [unreleased = ''] = changelog.split(`\n## [${release}]`);
  const entries = unreleased
    .split(/^(?=#{2,3} )/m)
    .filter((section) => section.startsWith('### Breaking'))
    .flatMap((section) => section.split('\n'));
  return changes
    .filter(({ names }) => !entries.some((entry) => names.every((name) => has(entry, name))))
    .map(({ text }) => text);
}

/** Whether a text has a name between backticks, so that `user` is not found in `users`. */
const has = (entry: string, name: string) => entry.includes(`\`${name}\``);
