import { readFileSync } from 'node:fs';
import { MAX_BODY } from '../../http/json-body.ts';

const text = readFileSync(new URL('operations.md', import.meta.url), 'utf8')
  .replace('{maxBody}', MAX_BODY.toLocaleString('en'))
  .split(/^## /m);

/** Splits the text after a heading from the heading. */
function sectionOf(section: string): [heading: string, text: string] {
  const [heading = '', ...lines] = section.split('\n');
  return [heading, lines.join('\n').trim()];
}

/** Description of the API. */
export const about = text[0]?.trim() ?? '';

const groups = text.slice(1).map((group) => group.split(/^### /m).map(sectionOf));

/** Groups of operations, with their descriptions. */
export const tags = groups.flatMap(([tag]) => (tag ? [{ name: tag[0], description: tag[1] }] : []));

/** Texts by GraphQL field. Without a description, the one of the field applies. */
export const operationTexts = new Map(
  groups.flatMap(([tag, ...operations]) =>
    operations.map(([heading, description]) => {
      const [field = '', summary = ''] = heading.split(': ');
      return [field, { tags: [tag?.[0] ?? ''], summary, ...(description && { description }) }];
    }),
  ),
);
