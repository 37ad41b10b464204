import { type GraphQLOutputType, getNamedType, isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '#src/graphql/schema.ts';
import { EventCountsDocument } from '../client/generated/graphql.ts';
import { Administrator, isAdministration } from './support/administrator.ts';
import { useApp } from './support/app.ts';
import { recordStatements } from './support/statements.ts';

const app = useApp();

it('counts events of this hour and this day, without zeros', async () => {
  const admin = await Administrator.create(app);
  await app.auditWritten();
  const { data } = await admin.run(EventCountsDocument, { hours: true, days: true });
  const { hours = [], days = [] } = data?.eventCounts ?? {};
  for (const [counts, length] of [
    [hours, 3_600_000],
    [days, 86_400_000],
  ] as const) {
    const now = app.clock.now().getTime();
    const since = new Date(Math.floor(now / length) * length).toISOString();
    expect(counts).toContainEqual({ event: 'OTP_VERIFIED', since, count: 1 });
    expect(counts.filter(({ count }) => count === 0)).toEqual([]);
  }
});

/** Selects every field without arguments. */
function selectAll(type: GraphQLOutputType): string {
  const named = getNamedType(type);
  if (!isObjectType(named)) return '';
  const fields = Object.values(named.getFields()).filter(({ args }) => args.length === 0);
  return `{ ${fields.map((field) => field.name + selectAll(field.type)).join(' ')} }`;
}

const ofAdministrators = Object.values(schema.getQueryType()?.getFields() ?? {}).filter(
  (field) => isAdministration(field) && field.args.length === 0,
);

it.each(ofAdministrators.map(({ name, type }) => [name, selectAll(type)]))(
  'reads the rows of %s once, however many aliases and requests ask at once',
  async (name, selection) => {
    const admin = await Administrator.create(app);
    const asking = (aliases: number) => {
      const fields = Array.from({ length: aliases }, (_, index) => `a${index}: ${name}`);
      return `{ ${fields.map((field) => field + selection).join(' ')} }`;
    };
    const countsOf = async (queries: readonly string[]) => {
      const { sent, stop } = await recordStatements(app.runtime);
      const { from, token } = admin;
      const answers = await Promise.all(
        queries.map((query) => app.graphql(query, {}, { from, token })),
      );
      stop();
      expect(answers.map(({ code }) => code)).toEqual(queries.map(() => undefined));
      return sent.filter(({ text }) => /\bcount\(/.test(text)).length;
    };
    const one = await countsOf([asking(1)]);
    const many = asking(5);
    expect(await countsOf([many])).toBe(one);
    expect(await countsOf(Array(8).fill(many))).toBeLessThanOrEqual(8 * one);
  },
);
