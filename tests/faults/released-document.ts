import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, print, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { newestRelease, releases } from './former-release.ts';

const schema = buildSchema(readFileSync(join(releases, newestRelease(), 'schema.graphql'), 'utf8'));
const rootTypes = new Set([schema.getQueryType()?.name, schema.getMutationType()?.name]);

const known = new Map<string, string>();

/** Leaves out fields that the newest release does not have, unless it lacks the whole operation. */
export function releasedDocument(document: string): string {
  const released = known.get(document) ?? leaveOut(document);
  known.set(document, released);
  return released;
}

function leaveOut(document: string): string {
  const info = new TypeInfo(schema);
  let isKnown = true;
  const released = visit(
    parse(document),
    visitWithTypeInfo(info, {
      Field() {
        if (info.getFieldDef()) return undefined;
        if (rootTypes.has(info.getParentType()?.name)) isKnown = false;
        return null;
      },
    }),
  );
  return isKnown ? print(released) : document;
}
