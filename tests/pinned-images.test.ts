import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { environmentVariables } from '#src/config/load-config.ts';
import { start } from './support/command.ts';

const root = resolve(import.meta.dirname, '..');
const files = ['Dockerfile', 'docker-compose.yml'];
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** Every image of a registry that the Dockerfile and the Compose file name. */
const imagesIn = (directory: string): string[] =>
  files.flatMap((file) =>
    [
      ...readFileSync(join(directory, file), 'utf8').matchAll(
        /^ *(?:FROM|image:) (\S+)(?: AS \w+)?$/gm,
      ),
    ]
      .map(([, image = '']) => image)
      .filter((image) => !['gatehouse', 'base'].includes(image)),
  );

it('names each image by an exact version, and optionally by its digest', () => {
  const images = imagesIn(root);
  expect(images).toHaveLength(6);
  for (const image of images) {
    expect(image).toMatch(/^[a-z/]+:v?\d+\.\d+(\.\d+)?(-[a-z]+)*(@sha256:[0-9a-f]{64})?$/);
  }
});

/** Runs bin/pin-images on a copy of both files, with a `docker` that runs this shell script. */
async function pinImages(docker: string) {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-pins-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const file of files) cpSync(join(root, file), join(directory, file));
  writeFileSync(join(directory, 'docker'), `#!/bin/sh\n${docker}\n`);
  chmodSync(join(directory, 'docker'), 0o755);
  const { PATH = '' } = environmentVariables();
  const env = { PATH: [directory, PATH].join(delimiter) };
  const run = () =>
    start(['sh', join(root, 'bin/pin-images'), directory], { cwd: root, env }).ended;
  return { directory, run };
}

it('pins every image by the digest that the registry has for its tag, however often it runs', async () => {
  const { directory, run } = await pinImages(`case "$*" in
    "buildx imagetools inspect --format {{.Manifest.Digest}} "*:*) echo ${DIGEST} ;;
    *) exit 1 ;; esac`);
  const tags = imagesIn(root).map((image) => image.replace(/@.*/, ''));
  for (let runs = 0; runs < 2; runs += 1) {
    expect((await run()).code).toBe(0);
    expect(imagesIn(directory)).toEqual(tags.map((tag) => `${tag}@${DIGEST}`));
  }
});

it.each(['echo unknown', 'exit 1'])('changes no file when docker does `%s`', async (docker) => {
  const { directory, run } = await pinImages(docker);
  expect((await run()).code).toBe(1);
  expect(imagesIn(directory)).toEqual(imagesIn(root));
});
