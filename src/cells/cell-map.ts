import { z } from 'zod';
import { BUCKETS, ownersOf } from './bucket-owners.ts';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a cell is named by a-z, 0-9 and -, such as eu-1');

/**
 * The cells of an installation, as an operator writes them. While a cell is being added, it is
 * `joining` and owns only the buckets of its share that have `moved`.
 */
export const cellMap = z
  .strictObject({
    cells: z.array(name).min(1, 'list at least one cell'),
    joining: z.strictObject({ name, moved: z.array(z.int().min(0).lt(BUCKETS)) }).optional(),
  })
  .superRefine(({ cells, joining }, { addIssue }) => {
    const refuse = (path: string, message: string) =>
      addIssue({ code: 'custom', path: [path], message });
    const repeated = cells.find((cell, index) => cells.indexOf(cell) !== index);
    if (repeated) refuse('cells', `${repeated} is listed twice`);
    if (!joining || repeated) return;
    if (cells.includes(joining.name)) {
      return refuse('joining', `${joining.name} is among the cells already: remove joining`);
    }
    const owners = ownersOf([...cells, joining.name]);
    const stray = joining.moved.find((bucket) => owners[bucket] !== joining.name);
    if (stray === undefined) return;
    refuse('joining', `bucket ${stray} stays in ${owners[stray]}: remove it from moved`);
  });

export type CellMap = z.infer<typeof cellMap>;
