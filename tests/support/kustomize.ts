import { isDeepStrictEqual } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { type Manifest, readKubernetes } from './kubernetes.ts';

/** Features of kustomize that the overlays use. Anything else is refused. */
const kustomization = z.strictObject({
  apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'),
  kind: z.literal('Kustomization'),
  namespace: z.string().optional(),
  resources: z.array(z.string()),
  images: z
    .array(z.strictObject({ name: z.string(), newName: z.string(), digest: z.string() }))
    .default([]),
  patches: z
    .array(z.strictObject({ path: z.string() }).or(z.strictObject({ patch: z.string() })))
    .default([]),
});

/** Fields by which strategic merge pairs the entries of lists. It replaces all other lists. */
const mergeKeys: Readonly<Record<string, string>> = { containers: 'name' };
/** Other lists with merge keys that a patch must not have, because this file does not merge them. */
const unmerged = ['env', 'ports', 'volumes', 'volumeMounts', 'initContainers'];

/** Merges an overlay as `kubectl kustomize` does. @throws Error if a patch has no target */
export function render(folder: string): Manifest[] {
  const { resources, patches, images, namespace } = kustomization.parse(
    parse(readKubernetes(`${folder}/kustomization.yaml`)),
  );
  let manifests = resources.flatMap((path) =>
    path.endsWith('.yaml')
      ? documentsOf(readKubernetes(`${folder}/${path}`))
      : render(`${folder}/${path}`),
  );
  for (const each of patches) {
    const text = 'path' in each ? readKubernetes(`${folder}/${each.path}`) : each.patch;
    for (const patch of documentsOf(text)) manifests = applyPatch(manifests, patch);
  }
  return manifests.map((manifest) => {
    const metadata = { ...manifest.metadata, ...(namespace && { namespace }) };
    return replaceImages({ ...manifest, metadata }, images) as Manifest;
  });
}

const documentsOf = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS();
  });

function applyPatch(manifests: readonly Manifest[], patch: Manifest): Manifest[] {
  const isTarget = ({ apiVersion, kind, metadata }: Manifest) =>
    isDeepStrictEqual(
      [apiVersion, kind, metadata.name],
      [patch.apiVersion, patch.kind, patch.metadata.name],
    );
  if (!manifests.some(isTarget))
    throw new Error(`no ${patch.kind} ${patch.metadata.name} to patch`);
  const { $patch, ...change } = patch;
  if ($patch === 'delete') return manifests.filter((each) => !isTarget(each));
  if ($patch !== undefined) throw new Error('another $patch than delete is not implemented here');
  return manifests.map((each) => (isTarget(each) ? (merge(each, change) as Manifest) : each));
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merge(old: unknown, change: unknown, field = ''): unknown {
  if (unmerged.includes(field)) throw new Error(`a patch of ${field} is not implemented here`);
  const key = mergeKeys[field];
  if (key && Array.isArray(old) && Array.isArray(change)) {
    const others = change.filter((each) => !old.some((one) => one[key] === each[key]));
    const merged = old.map((one) => {
      const found = change.find((each) => each[key] === one[key]);
      return found ? merge(one, found) : one;
    });
    return [...merged, ...others];
  }
  if (!isMap(old) || !isMap(change)) return change;
  const merged = Object.entries(change).flatMap(([name, value]) =>
    value === null ? [] : [[name, merge(old[name], value, name)]],
  );
  const kept = Object.entries(old).filter(([name]) => !(name in change));
  return Object.fromEntries([...kept, ...merged]);
}

type Images = z.infer<typeof kustomization>['images'];

function replaceImages(value: unknown, images: Images): unknown {
  if (Array.isArray(value)) return value.map((each) => replaceImages(each, images));
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => {
    const image = name === 'image' && images.find((one) => one.name === each);
    return [name, image ? `${image.newName}@${image.digest}` : replaceImages(each, images)];
  });
  return Object.fromEntries(entries);
}
