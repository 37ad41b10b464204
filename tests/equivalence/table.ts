import { otherNames, type Pair, pairs, restName, statuses } from './mapping.ts';

/** The mapping as the manual shows it. */
export function mappingTable(): string {
  const rows = [
    ...Object.entries<Pair>(pairs).map(([field, pair]) => [code(field), routeOf(pair)]),
    ...Object.entries(statuses).map(([name, status]) => [code(name), String(status)]),
    ...Object.entries(otherNames).map(([name, other]) => [code(name), code(other)]),
    [`any other name, like ${code('firstName')}`, `in snake_case, like ${code('first_name')}`],
  ];
  const lines = [['GraphQL', 'REST'], ['---', '---'], ...rows].map((row) => row.join(' | '));
  return lines.map((line) => `| ${line} |`).join('\n');
}

const code = (text: string) => `\`${text}\``;

function routeOf({ method, paths, status, shown, detail, each }: Pair): string {
  const routes = paths.map((path) => code(`${method} ${path}`)).join(' or ');
  const members = shown.map((name) => code(restName(name)));
  if (detail !== undefined) members.push(`${code('detail')} “${detail}”`);
  return `${routes}: ${status}${each ? `, ${each}` : ''} ${members.join(' ')}`;
}
