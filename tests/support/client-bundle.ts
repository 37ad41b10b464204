import { rolldown } from 'rolldown';

/**
 * Bundles a module with all that it imports, as an application does.
 *
 * @param modules texts of further modules, by their path
 */
export async function bundle(input: string, modules: Record<string, string> = {}): Promise<string> {
  const build = await rolldown({
    input,
    platform: 'browser',
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: [
      {
        name: 'modules',
        resolveId: (id) => (id in modules ? id : undefined),
        load: (id) => modules[id],
      },
    ],
  });
  const { output } = await build.generate({ format: 'esm', minify: true });
  await build.close();
  return output[0].code;
}
