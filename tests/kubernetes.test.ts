import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { withImage } from '#dev/release/overlay-image.ts';
import { createMetricsServer } from '#src/adapters/prometheus.ts';
import { readConfig } from '#src/config/load-config.ts';
import { type Setting, settings } from '#src/config/settings.ts';
import { type Metric, metrics } from '#src/ports/metrics.ts';
import manifest from '../package.json' with { type: 'json' };
import { useApp } from './support/app.ts';
import { type Manifest, problemsOf, readKubernetes } from './support/kubernetes.ts';
import { type Container, containersOf, podsOf } from './support/kubernetes-pods.ts';
import { render } from './support/kustomize.ts';
import { request } from './support/request.ts';

const folder = resolve(import.meta.dirname, '../ops/kubernetes');
const app = useApp();
const DIGEST = /@sha256:[0-9a-f]{64}$/;
/** The secret that operators create. */
const secrets = {
  SECRET_KEY: 'correct horse battery staple, 26 of them',
  DATABASE_URL: 'postgres://gatehouse:secret@postgres.example.com/gatehouse',
  REDIS_URL: 'redis://redis.example.com',
  SMTP_URL: 'smtp://mail.example.com:587',
};
const ofKind = (manifests: readonly Manifest[], kind: string) =>
  manifests.filter((each) => each.kind === kind);
const keyOf = ({ kind, metadata }: Manifest) => `${kind} ${metadata.name}`;

describe.each(['production', 'small'])('the overlay %s', (name) => {
  const manifests = render(`overlays/${name}`);
  const pods = podsOf(manifests);
  const containers = containersOf(manifests);
  const [settingsMap] = ofKind(manifests, 'ConfigMap');
  const data = settingsMap?.data as Record<string, string>;

  it('has manifests that Kubernetes accepts, without unknown keys', () => {
    expect(manifests.length).toBeGreaterThan(9);
    for (const each of manifests)
      expect([keyOf(each), problemsOf(each)]).toEqual([keyOf(each), []]);
  });

  it('is what kustomize makes of it, where kubectl is installed', (context) => {
    const options = { encoding: 'utf8' } as const;
    const made = spawnSync('kubectl', ['kustomize', `${folder}/overlays/${name}`], options);
    if (made.error) return context.skip();
    expect(made.stderr).toBe('');
    const theirs = parseAllDocuments(made.stdout).map((each) => each.toJS() as Manifest);
    const sorted = (list: readonly Manifest[]) =>
      list.toSorted((one, other) => keyOf(one).localeCompare(keyOf(other)));
    expect(sorted(theirs)).toEqual(sorted(manifests));
  });

  it('runs without root, write access, capabilities and access to the API of Kubernetes', () => {
    expect(pods.map(({ owner }) => owner)).toHaveLength(3);
    for (const { spec } of pods) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(spec.volumes).toBeUndefined();
    }
    for (const container of containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources).toMatchObject({ limits: { memory: expect.any(String) } });
    }
  });

  it('runs commands that exist, and drains before it is killed', () => {
    const names = containers.map(({ command: [file = '', word = ''] }) => [file, word]);
    expect(names.map(([file, word]) => [file, manifest.scripts[word as 'server']])).toEqual(
      names.map(([, word]) => ['bin/gatehouse', `exec sh bin/gatehouse ${word}`]),
    );
    const [server, worker] = ['server', 'worker'].map((word) =>
      pods.find(({ owner }) => owner === `Deployment gatehouse-${word}`),
    );
    // 8 s each; the server first waits for the balancers.
    expect(server?.spec.terminationGracePeriodSeconds).toBeGreaterThan(8 + 8);
    expect(worker?.spec.terminationGracePeriodSeconds).toBeGreaterThan(8);
  });

  it('sets nothing but settings, and with the secret every required one', () => {
    const { NODE_ENV, ...rest } = data;
    const known = new Set(Object.values<Setting>(settings).map(({ variable }) => variable));
    const all = Object.keys({ ...rest, ...secrets });
    expect(all.filter((variable) => !known.has(variable))).toEqual([]);
    expect(() => readConfig({ NODE_ENV, ...rest, ...secrets }, 'development')).not.toThrow();
    for (const { envFrom } of containers) {
      expect(envFrom).toEqual([
        { configMapRef: { name: 'gatehouse-settings' } },
        { secretRef: { name: 'gatehouse-secrets' } },
      ]);
    }
  });

  it('opens the ports that the processes listen on', () => {
    const portsOf = ({ ports = [] }: Container) =>
      Object.fromEntries(ports.map((port) => [port.name, String(port.containerPort)]));
    const byName = Object.fromEntries(containers.map((each) => [each.name, portsOf(each)]));
    expect(byName).toEqual({
      migrate: {},
      server: { http: data.PORT, metrics: data.METRICS_PORT },
      worker: { metrics: data.WORKER_METRICS_PORT },
    });
    const used = JSON.stringify(manifests).matchAll(/"(?:port|targetPort)":"(\w+)"/g);
    for (const [, port] of used) expect(['http', 'metrics']).toContain(port);
  });

  it('probes paths that server and worker serve, also without PostgreSQL', async () => {
    const paths = containers.flatMap(({ name: container, ...each }) =>
      [each.startupProbe, each.livenessProbe, each.readinessProbe].flatMap((probe) =>
        probe ? [`${container} ${probe.httpGet.port} ${probe.httpGet.path}`] : [],
      ),
    );
    expect(new Set(paths)).toEqual(new Set(['server http /healthz', 'worker metrics /metrics']));
    expect((await app.fetch('/healthz')).status).toBe(200);
    const server = createMetricsServer(async () => '').listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((ready) => server.once('listening', ready));
    const { port } = server.address() as { port: number };
    expect((await request(`http://127.0.0.1:${port}/metrics`)).status).toBe(200);
  });

  it('selects pods that exist', () => {
    const labels = pods.map((pod) => pod.labels);
    const selectors = JSON.stringify(manifests, (key, value) =>
      key === 'from' || key === 'to' ? undefined : value,
    ).matchAll(/"(?:podSelector|selector|labelSelector)":(?:\{"matchLabels":)?(\{[^{}]*\})/g);
    let checked = 0;
    for (const [, text = ''] of selectors) {
      const wanted = Object.entries<string>(JSON.parse(text));
      const isMatch = (each: Record<string, string>) =>
        wanted.every(([label, value]) => each[label] === value);
      expect([text, labels.some(isMatch)]).toEqual([text, true]);
      checked += 1;
    }
    expect(checked).toBeGreaterThan(8);
    for (const { owner, labels: own } of pods)
      expect([owner, Object.keys(own).length]).toEqual([owner, 2]);
  });

  it('scales deployments that exist, by metrics that exist', () => {
    const deployments = ofKind(manifests, 'Deployment').map(({ metadata }) => metadata.name);
    const known = Object.values<Metric>(metrics).map((each) => each.name);
    for (const { spec } of ofKind(manifests, 'HorizontalPodAutoscaler')) {
      const { scaleTargetRef, metrics: rules } = spec as Scaling;
      expect(deployments).toContain(scaleTargetRef.name);
      const used = rules.flatMap(({ external }) => external?.metric.name ?? []);
      expect(known).toEqual(expect.arrayContaining(used));
    }
  });

  it('has no image without a digest, once the release script has set it', () => {
    const path = `overlays/${name}/kustomization.yaml`;
    const image = `registry.example.net/auth/gatehouse@sha256:${'0a'.repeat(32)}`;
    expect(containers.filter(({ image: each }) => DIGEST.test(each))).toEqual([]);
    const { images } = parse(withImage(readKubernetes(path), image));
    expect(images).toEqual([
      {
        name: 'gatehouse',
        newName: 'registry.example.net/auth/gatehouse',
        digest: image.split('@')[1],
      },
    ]);
    expect(containers.map((each) => each.image.split('@')[0])).toEqual(
      containers.map(() => 'registry.example.com/gatehouse'),
    );
    for (const wrong of ['gatehouse:0.3.0', 'gatehouse', `gatehouse@sha256:${'0'.repeat(63)}`]) {
      expect(() => withImage(readKubernetes(path), wrong)).toThrow(`${wrong}: has no digest`);
    }
  });
});

interface Scaling {
  readonly scaleTargetRef: { readonly name: string };
  readonly metrics: readonly {
    readonly external?: { readonly metric: { readonly name: string } };
  }[];
}

it('scales workers in production by the age of the outbox, as the adapter serves it', () => {
  const scaling = render('overlays/production').find(
    ({ kind, metadata }) => kind.startsWith('Horizontal') && metadata.name === 'gatehouse-worker',
  )?.spec as Scaling;
  const name = scaling.metrics.find(({ external }) => external)?.external?.metric.name;
  expect(name).toBe('gatehouse_outbox_oldest_seconds');
  const { rules } = parse(readKubernetes('prometheus-adapter.yaml'));
  expect(rules.external[0].seriesQuery).toMatch(new RegExp(`^${name}\\{`));
  expect(rules.external[0].metricsQuery).toMatch(new RegExp(`^max\\(${name}\\{`));
});

it.each([
  [
    'an unknown key',
    (pod: Spec) => Object.assign(pod, { restartPolice: 'Always' }),
    /additional properties restartPolice/,
  ],
  [
    'a wrong type',
    (pod: Spec) => Object.assign(pod, { hostNetwork: 'yes' }),
    /hostNetwork must be boolean/,
  ],
  [
    'a missing key',
    (pod: Spec) => Object.assign(pod, { containers: undefined }),
    /must have required property 'containers'/,
  ],
  [
    'a wrong quantity',
    (pod: Spec) =>
      Object.assign(pod.containers[0] ?? {}, { resources: { limits: { memory: '1 GB' } } }),
    /memory must match format "quantity"/,
  ],
])('refuses a manifest with %s', (_what, change, message) => {
  const [server] = ofKind(render('base'), 'Deployment');
  const broken = structuredClone(server) as unknown as { spec: { template: { spec: Spec } } };
  change(broken.spec.template.spec);
  const plain = JSON.parse(JSON.stringify(broken));
  expect(problemsOf(plain).join('\n')).toMatch(message);
});

interface Spec {
  containers: object[];
}

it('uses every manifest in an overlay', () => {
  const files = globSync('{base,overlays/*}/*.yaml', { cwd: folder });
  const listed = globSync('**/kustomization.yaml', { cwd: folder }).flatMap((path) => {
    const { resources, patches = [] } = parse(readKubernetes(path));
    const names = [...resources, ...patches.map((each: { path?: string }) => each.path)];
    return names.map((name) => path.replace('kustomization.yaml', name));
  });
  expect(files.filter((file) => !/kustomization/.test(file) && !listed.includes(file))).toEqual([]);
});
