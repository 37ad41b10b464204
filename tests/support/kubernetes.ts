import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/** A manifest, as YAML has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [key: string]: unknown;
}

const modules = resolve(import.meta.dirname, '../../node_modules');
const require = createRequire(import.meta.url);
/** Kinds that the manifests use: the module with the schema, and its id. */
const kinds: Readonly<Record<string, readonly [file: string, id: string]>> = {
  'v1 ConfigMap': ['ApiCoreV1ConfigMap', 'core.v1.ConfigMap'],
  'v1 Service': ['ApiCoreV1Service', 'core.v1.Service'],
  'apps/v1 Deployment': ['ApiAppsV1Deployment', 'apps.v1.Deployment'],
  'batch/v1 Job': ['ApiBatchV1Job', 'batch.v1.Job'],
  'policy/v1 PodDisruptionBudget': [
    'ApiPolicyV1PodDisruptionBudget',
    'policy.v1.PodDisruptionBudget',
  ],
  'networking.k8s.io/v1 NetworkPolicy': [
    'ApiNetworkingV1NetworkPolicy',
    'networking.v1.NetworkPolicy',
  ],
  'autoscaling/v2 HorizontalPodAutoscaler': [
    'ApiAutoscalingV2HorizontalPodAutoscaler',
    'autoscaling.v2.HorizontalPodAutoscaler',
  ],
};

/** The validator of kubernetes-models, which has its schemas after their modules were called. */
const library: { ajv: Ajv } = require(join(modules, '@kubernetes-models/validate/dist/ajv.js'));
const validators = new Map<string, ValidateFunction>();

/** Returns what a manifest has wrong by the JSON schema of its kind. Unknown keys are wrong. */
export function problemsOf(manifest: Manifest): string[] {
  const kind = `${manifest.apiVersion} ${manifest.kind}`;
  const validate = validators.get(kind) ?? compile(kind);
  validators.set(kind, validate);
  validate(manifest);
  return (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== 'oneOf')
    .map(({ instancePath, message, params }) =>
      [instancePath, message, params.additionalProperty].filter(Boolean).join(' '),
    );
}

function compile(kind: string): ValidateFunction {
  const [file, id] = kinds[kind] ?? [];
  if (!file) throw new Error(`add ${kind} to tests/support/kubernetes.ts`);
  require(join(modules, `kubernetes-models/_schemas/IoK8s${file}.js`)).addSchema();
  const strict = new Ajv({ strict: false, allErrors: true });
  addFormats.default(strict);
  strict.addFormat('quantity', /^[+-]?(\d+|\d+\.\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/);
  for (const [name, each] of Object.entries(library.ajv.schemas)) {
    if (name.startsWith('io.k8s.')) strict.addSchema(closed(each?.schema as AnySchemaObject), name);
  }
  return strict.compile({ $ref: `io.k8s.api.${id}#` });
}

/** Returns a schema that refuses keys which it does not list. */
function closed(schema: unknown): AnySchemaObject {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema as never;
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)]);
  const copy: AnySchemaObject = Object.fromEntries(entries);
  const isObject = copy.type === 'object' && typeof copy.properties === 'object';
  return isObject ? { additionalProperties: false, ...copy } : copy;
}

/** Reads a file of `ops/kubernetes`. */
export const readKubernetes = (path: string): string =>
  readFileSync(resolve(import.meta.dirname, '../../ops/kubernetes', path), 'utf8');
