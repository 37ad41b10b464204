import { join, resolve } from 'node:path';
import { rolldown } from 'rolldown';

const client = resolve(import.meta.dirname, '../../client');
const project = resolve(client, '..');
const nodeModules = join(project, 'node_modules');

/** Sources of the package, by the names that it publishes. */
const alias = Object.fromEntries(
  ['client', 'passkeys', 'react', 'sign-in'].map((name) => [
    name === 'client' ? '@gatehouse/client' : `@gatehouse/client/${name}`,
    join(client, `src/${name}.ts`),
  ]),
);

/** Bundles a module with all that it imports, as an application does. */
export function bundle(input: string): Promise<string> {
  return generate(input);
}

/** Bundles the text of a module, which imports the client package from its sources. */
export function bundleText(text: string): Promise<string> {
  const entry = join(project, 'entry.tsx');
  return generate(entry, { [entry]: text });
}

async function generate(input: string, texts: Record<string, string> = {}): Promise<string> {
  const build = await rolldown({
    input,
    platform: 'browser',
    // The longest name first: each is also tried as the beginning of a path.
    resolve: { alias: Object.fromEntries(Object.entries(alias).reverse()), modules: [nodeModules] },
    transform: { define: { 'process.env.NODE_ENV': '"production"' }, jsx: 'react-jsx' },
    onLog: () => undefined,
    plugins: [
      {
        name: 'texts',
        resolveId: (id) => (id in texts ? id : undefined),
        load: (id) => texts[id],
      },
    ],
  });
  const { output } = await build.generate({ format: 'esm', minify: true });
  await build.close();
  return output[0].code;
}
