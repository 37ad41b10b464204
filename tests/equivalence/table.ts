import { otherNames, type Pair, pairs } from './mapping.ts';

/** Returns the table of docs/reference/operations.md. */
export function mappingTable(): string {
  const rows = [
    ...Object.entries<Pair>(pairs).map(([field, pair]) => [code(field), routeOf(pair)]),
    ...Object.entries(otherNames).map(([name, other]) => [code(name), code(other)]),
    [`other names, for example ${code('firstName')}`, `snake_case: ${code('first_name')}`],
  ];
  const lines = [['GraphQL', 'REST'], ['---', '---'], ...rows].map((row) => row.join(' | '));
  return lines.map((line) => `| ${line} |`).join('\n');
}

const code = (text: string) => `\`${text}\``;

function routeOf({ method, paths, status }: Pair): string {
  return `${paths.map((path) => code(`${method} ${path}`)).join(' or ')}: ${status}`;
}
