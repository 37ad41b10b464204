import type { Manifest } from './kubernetes.ts';

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly envFrom: readonly object[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: object;
  readonly securityContext: object;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly terminationGracePeriodSeconds?: number;
  readonly volumes?: unknown;
}

/** The pods of a deployment or job. */
export interface Pods {
  /** Such as `Deployment gatehouse-server`. */
  readonly owner: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

export function podsOf(manifests: readonly Manifest[]): Pods[] {
  return manifests
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .map(({ kind, metadata, spec }) => {
      const { template } = spec as {
        template: { metadata: { labels: Record<string, string> }; spec: PodSpec };
      };
      const owner = `${kind} ${metadata.name}`;
      return { owner, labels: template.metadata.labels, spec: template.spec };
    });
}

export const containersOf = (manifests: readonly Manifest[]): readonly Container[] =>
  podsOf(manifests).flatMap(({ spec }) => spec.containers);
